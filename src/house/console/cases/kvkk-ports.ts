import { checkpointFrom } from '../../../audit/export/covering-checkpoint.js';
import { listAnswers } from '../../../audit/kvkk/list-answers.js';
import { makeAnswer } from '../../../audit/kvkk/make-answer.js';
import type { KvkkJobPorts, KvkkPorts } from '../../../console/security/kvkk/ports.js';
import { readNamesOf } from '../../../sign-in/read-names.js';
import { retentionOfficer } from '../../retention-tools.js';
import type { RoomParts } from '../parts.js';
import { evidenceOf } from './export-ports.js';
import { taggersOf } from './signal-ports.js';

/** Answers on the page. */
const SHOWN = 50;

/** Answers to citizens as officers ask for them. */
export function kvkkPorts({ config, db, jobs }: Pick<RoomParts, 'config' | 'db' | 'jobs'>): KvkkPorts {
  return { jobs, ...config.console.kvkk, lastAnswers: () => listAnswers(db, SHOWN) };
}

/** Answers to citizens as they are made. */
export function kvkkJobPorts(parts: RoomParts): KvkkJobPorts {
  const { config, db, log, now } = parts;
  const taggers = taggersOf(config);
  return {
    make: (officer, order, path) =>
      makeAnswer(
        {
          ...{ db, taggers, now },
          ...config.console.kvkk,
          appender: log.appender,
          instance: config.instance,
          covering: async (least) => {
            const { origin, root, size } = await checkpointFrom(await evidenceOf(parts), least);
            return { origin, root, size };
          },
          namesOf: (sessions) => readNamesOf(db, log.masterKeys, sessions),
        },
        { ...order, officer: retentionOfficer(officer) },
        path,
      ),
  };
}
