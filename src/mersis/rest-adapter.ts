import { decodeUtf8 } from '../soap/decode-utf8.js';
import { type Adapter, type Asked, failed, faultOfStatus } from './adapter.js';
import type { Exchange, Transport } from './http.js';
import type { AnswerProblem } from './port.js';

const HEADERS = { 'content-type': 'application/json; charset=utf-8', accept: 'application/json' } as const;

/**
 * MERSİS by the convention of the Ministry's gateway (facts/mersis-koopbis.md §1): a question is posted as JSON, never as part
 * of the address; an answer has `data` or `errors`, a list of texts, never both.
 */
export function createRestAdapter(transport: Transport): Adapter {
  return {
    async ask(question) {
      const asked = 'mersisNo' in question ? { mersisNo: question.mersisNo } : { vergiNo: question.vkn };
      return judge(await transport.post(JSON.stringify(asked), HEADERS));
    },
  };
}

function judge(exchange: Exchange): Asked {
  if (exchange.kind === 'none') return failed(exchange.fault);
  const byStatus = faultOfStatus(exchange.status);
  if (byStatus !== null) return failed(byStatus);
  if (exchange.kind === 'spoilt') return invalid(exchange.problem);
  const answer = parsed(exchange.body);
  if (answer === undefined) return invalid('unreadable');
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    return invalid('not-as-contracted');
  const names = Object.keys(answer);
  if (names.length !== 1) return invalid('not-as-contracted');
  const { data, errors } = answer as { data?: unknown; errors?: unknown };
  if (names[0] === 'data') return { kind: 'answer', raw: data };
  // What the texts say may be personal, and is for people: the caller gets to know that there was no answer.
  return isTexts(errors) ? failed({ kind: 'unavailable', cause: 'http' }) : invalid('not-as-contracted');
}

function parsed(body: Buffer): unknown {
  const text = decodeUtf8(body);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // The engine's message quotes the text.
    return undefined;
  }
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function invalid(problem: AnswerProblem): Asked {
  return failed({ kind: 'invalid', problem });
}
