import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { plainLane } from '../../audit/plain-lane.js';
import { readAuthority } from '../../authority/read-authority.js';
import { packageRoot } from '../../config/package-root.js';
import type { FrameHouse } from '../../console/frame/house.js';
import { createConsolePages } from '../../console/frame/render.js';
import { createConsoleRouter, type Handlers } from '../../console/frame/router.js';
import { createLooks, purgeLooks } from '../../console/looks/looks.js';
import { needsStepUp } from '../../sign-in/step-up/policy.js';
import { startChore } from '../chore.js';
import { openArea } from './open-area.js';
import { openCases } from './open-cases.js';
import { openJobs } from './open-jobs.js';
import { openOperation } from './open-operation.js';
import { openOwnPages } from './open-own-pages.js';
import { openQuarters } from './open-quarters.js';
import { openSearch } from './open-search.js';
import { openSettling } from './open-settling.js';
import { openStaff } from './open-staff.js';
import { openWork } from './open-work.js';
import type { BroughtWork, ConsoleParts, RoomParts } from './parts.js';

/** The console as the web and the start know it. */
export interface OpenConsole {
  readonly router: RequestHandler;
  /** Long work and purges; safe on all instances at once. */
  startChores(): () => Promise<void>;
}

const PURGE_MS = 600_000;

/** Opens the console: its frame over sign-in, its rooms over what each of them shows. Throws `START_REFUSED` without its templates. */
export function openConsole(parts: ConsoleParts): OpenConsole {
  const { db, log, now, signIn, told } = parts;
  const jobs = openJobs(parts);
  const room: RoomParts = {
    ...parts,
    looks: createLooks({ db, masterKeys: log.masterKeys, now }),
    jobs: jobs.jobs,
    stepUp: signIn.browser.stepUp,
  };
  const security = openSearch(room);
  const cases = openCases(room);
  const quarters = openQuarters(room);
  const settling = openSettling(room);
  const area = openArea(room);
  const staff = openStaff(room);
  const operation = openOperation(room);
  const brought: readonly BroughtWork[] = [security, cases, quarters, settling, area, staff, operation];
  const jobKinds = brought.flatMap(({ jobKinds: kinds = [] }) => kinds);
  const work = openWork(
    room,
    brought.flatMap(({ desks = [] }) => desks),
    jobKinds,
  );
  const handlers: Handlers = {
    ...openOwnPages(room).handlers,
    ...work.handlers,
    ...security.handlers,
    ...cases.handlers,
    ...quarters.handlers,
    ...settling.handlers,
    ...area.handlers,
    ...staff.handlers,
    ...operation.handlers,
  };
  const templates = join(packageRoot(), 'src/console/templates');
  return {
    router: createConsoleRouter(frameOf(parts), createConsolePages(templates), handlers),
    startChores: () => {
      const stops = [
        jobs.startChores(jobKinds),
        ...brought
          .flatMap(({ chores = [] }) => chores)
          .map(({ event, everyMs, work: run }) => startChore(event, everyMs, told, run)),
        startChore('console.purge', PURGE_MS, told, () => purgeLooks(db, now())),
      ];
      return async () => void (await Promise.all(stops.map((stop) => stop())));
    },
  };
}

function frameOf({ config, db, log, metrics, now, signIn: { browser }, told }: ConsoleParts): FrameHouse {
  const { signIn } = config;
  return {
    issuer: browser.issuer,
    instance: config.instance,
    maxUploadBytes: config.console.uploadMaxMb * 1024 * 1024,
    current: browser.current,
    hasReadNotice: browser.hasReadNotice,
    formToken: browser.formToken,
    formHolds: browser.formHolds,
    formTargets: browser.formTargets,
    mayPass: browser.mayPass,
    rolesOf: async (tag, day) => {
      const [facts] = await db.transaction((tx) => readAuthority(tx, [{ tag, mersisNo: '' }], day));
      const isOn = ({ endsOn, startsOn }: { startsOn: string | null; endsOn: string | null }) =>
        (startsOn === null || startsOn <= day) && (endsOn === null || endsOn > day);
      return facts?.roles.filter(isOn) ?? [];
    },
    needsStepUp: (operation) => needsStepUp(signIn?.stepUp, operation),
    record: async (draft) => void (await log.appender.submit(plainLane, draft)),
    count: browser.count,
    finished: ({ error, ms, ...call }) => {
      const { code, method, page: route, requestId, status } = call;
      metrics.requestFinished({ route: `console:${route}`, method, status, code: code ?? undefined, ms });
      told.info('console.request', { route, method, status, code, requestId, ms: Math.round(ms) });
      if (error !== null) told.error('console.failed', { route, requestId, error });
    },
    now,
  };
}
