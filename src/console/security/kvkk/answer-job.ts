import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BridgeError } from '../../../errors/bridge-error.js';
import { KimlikNo } from '../../../person/kimlik-no.js';
import type { JobKind } from '../../jobs/port.js';
import type { KvkkJobPorts } from './ports.js';

const order = z.object({
  person: z.string(),
  requestNo: z.string(),
  receivedOn: z.iso.date(),
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
});

/** The answer to a citizen's request as a PDF. What was asked for, the person's number among it, is kept sealed until it is made. */
export function createAnswerJob(ports: KvkkJobPorts): JobKind {
  return {
    what: 'kvkk-answer',
    name: { tr: 'KVKK başvurusuna cevap', en: 'Answer to a KVKK request' },
    run: async (asked, officer, tools) => {
      const { person: digits, ...request } = order.parse(asked);
      const parsed = KimlikNo.parse(digits);
      if (!parsed.ok) throw new BridgeError('IDENTITY_NUMBER_INVALID', 'the person of a request');
      const path = join(tools.folder, 'cevap.pdf');
      await ports.make(officer, { ...request, person: parsed.value }, path);
      const name = `kvkk-cevabi-${request.receivedOn}.pdf`;
      return { name, mediaType: 'application/pdf', body: createReadStream(path) };
    },
  };
}
