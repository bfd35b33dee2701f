import {
  countDisagreements,
  listDisagreements,
  readDisagreement,
} from '../../appointments/disagreements/list-disagreements.js';
import { settleDisagreement } from '../../appointments/disagreements/settle-disagreement.js';
import {
  countApplications,
  listApplications,
  readApplication,
} from '../../appointments/list-applications.js';
import { countArea } from '../../authority/area/count-area.js';
import { listCooperatives } from '../../authority/area/list-cooperatives.js';
import { readAuthoritiesOfEach } from '../../authority/history/read-authorities.js';
import { readRecords } from '../../authority/recording/records.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { type AreaPages, createAreaHandlers } from '../../console/directorate/handlers.js';
import type { AreaPorts } from '../../console/directorate/ports.js';
import type { HandlersOf } from '../../console/frame/router.js';
import { doneValue } from '../../proposals/verdict.js';
import { authorityPolicyOf } from '../authority-policy.js';
import { deedPortsOf } from '../deed-ports.js';
import { readCooperative } from './area/read-cooperative.js';
import { openedBy } from './opened.js';
import type { BroughtWork, RoomParts } from './parts.js';

/** The pages of a directorate, joined from the rooms. */
export function openArea(parts: RoomParts): { readonly handlers: HandlersOf<AreaPages> } & BroughtWork {
  return { handlers: createAreaHandlers(portsOf(parts)) };
}

function portsOf({ config, db, log, rights }: RoomParts): AreaPorts {
  const authority = authorityPolicyOf(config);
  const settling = { ...deedPortsOf(config.instance, null, ['directorate']), authority };
  return {
    policy: config.authority.appointees,
    opened: openedBy({ config, log }),
    state: async (areas, today) => {
      const [counts, applications, disagreements] = await Promise.all([
        countArea(db, areas, today),
        countApplications(db, areas),
        countDisagreements(db, areas),
      ]);
      return { ...counts, applications, disagreements };
    },
    cooperatives: (areas, filter, place) => listCooperatives(db, areas, filter, place),
    acting: (mersisNos, now) =>
      readAuthoritiesOfEach(db, { mersisNos, day: istanbulDay(now) }, authority, now),
    record: async (mersisNo) => (await readRecords(db, [mersisNo])).get(mersisNo) ?? null,
    cooperative: (held, now) => readCooperative(db, held, authority, now),
    refresh: rights.desk.refresh,
    applications: (areas, after) => listApplications(db, areas, after),
    application: (id) => readApplication(db, id),
    decide: async (decision) => void (await rights.desk.decide(decision)),
    disagreements: (areas, after) => listDisagreements(db, areas, after),
    disagreement: (leaf) => readDisagreement(db, leaf),
    settle: async (wish) => void doneValue(await settleDisagreement(log.appender, settling, wish)),
  };
}
