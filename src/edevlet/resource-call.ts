import { z } from 'zod';
import type { Asked, Exchange } from './exchange.js';
import { answerInvalid, atStep, refused } from './failures.js';
import { jsonOf, member } from './json-answer.js';
import type { ResourceSettings } from './settings.js';

const code = z.string().min(1);

/** One data set (kapsam) of the signed-in person. */
export interface ResourceQuestion {
  readonly step: 'identity' | 'names';
  readonly scope: string;
  readonly accessToken: string;
}

/**
 * Asks for one data set (facts/e-devlet.md §4); resolves to an answer whose code is success. Errors: `UPSTREAM_REFUSED` (fields: its
 * code), `UPSTREAM_UNAVAILABLE`, `UPSTREAM_ANSWER_INVALID`.
 */
export async function askResource(
  tools: { readonly exchange: Exchange; readonly url: string; readonly clientId: string },
  settings: ResourceSettings,
  { step, scope, accessToken }: ResourceQuestion,
): Promise<object> {
  const { fields, transport } = settings;
  const sent: [string, string][] = [
    [fields.clientId, tools.clientId],
    [fields.accessToken, accessToken],
    [fields.resourceId, settings.resourceId],
    [fields.scope, scope],
  ];
  try {
    const answer = await tools.exchange(requestOf(tools.url, transport, sent));
    const json = jsonOf(answer);
    requireSuccess(json, answer.status, settings);
    return json;
  } catch (error) {
    throw atStep(error, step);
  }
}

function requestOf(url: string, transport: ResourceSettings['transport'], sent: [string, string][]): Asked {
  const accept = { accept: 'application/json' };
  const form = new URLSearchParams(sent);
  switch (transport) {
    case 'query': {
      const asked = new URL(url);
      for (const [name, value] of form) asked.searchParams.set(name, value);
      return { url: asked.href, method: 'POST', headers: accept, body: null };
    }
    case 'json': {
      const headers = { ...accept, 'content-type': 'application/json' };
      return { url, method: 'POST', headers, body: JSON.stringify(Object.fromEntries(sent)) };
    }
    case 'form': {
      const headers = { ...accept, 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
      return { url, method: 'POST', headers, body: form.toString() };
    }
  }
}

/** An error in the manner of OAuth, as for a token that is over, is a refusal too. */
function requireSuccess(json: object, status: number, { answer, successCode }: ResourceSettings): void {
  const given = code.safeParse(member(json, answer.code) ?? member(json, 'error'));
  if (!given.success) throw answerInvalid('schema', { status });
  if (given.data !== successCode) throw refused(given.data, { status });
  if (status !== 200) throw answerInvalid('http-status', { status });
}
