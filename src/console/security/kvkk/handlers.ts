import type { HandlersOf } from '../../frame/router.js';
import { startOrTell } from '../../jobs/too-much-waits.js';
import { allRight, clearText, notBefore, pastDay, pastDayOrNone, personNumber } from '../evidence/typed.js';
import { kvkkPage, NO_REQUEST, type TypedRequest } from './kvkk-page.js';
import type { KvkkPorts } from './ports.js';

/** Answers to citizens who ask who looked them up: asked for here, made as long work. */
export function createKvkkHandlers(ports: KvkkPorts): HandlersOf<'kvkk' | 'kvkk.answer'> {
  return {
    kvkk: async ({ at }) => ({
      kind: 'page',
      page: kvkkPage(ports, await ports.lastAnswers(), NO_REQUEST, at),
    }),
    'kvkk.answer': async ({ at, fields, person: { officer } }) => {
      const from = pastDayOrNone(fields.get('from'), at);
      const typed: TypedRequest = {
        person: personNumber(fields.get('person')),
        requestNo: clearText(fields.get('requestNo'), 100),
        receivedOn: pastDay(fields.get('receivedOn'), at),
        from,
        to: notBefore(from, pastDayOrNone(fields.get('to'), at)),
      };
      const { person, receivedOn, requestNo, to } = typed;
      const isRight = allRight({ ...typed });
      if (!isRight || person.value === null || requestNo.value === null || receivedOn.value === null)
        return { kind: 'page', status: 422, page: kvkkPage(ports, await ports.lastAnswers(), typed, at) };
      const order = {
        person: person.value.reveal(),
        requestNo: requestNo.value,
        receivedOn: receivedOn.value,
        from: from.value,
        to: to.value,
      };
      return startOrTell(
        () => ports.jobs.start(officer, 'kvkk-answer', order),
        async () => kvkkPage(ports, await ports.lastAnswers(), typed, at),
      );
    },
  };
}
