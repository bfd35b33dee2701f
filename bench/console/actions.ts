import type { AccessId } from '../../src/console/access.js';
import { citizens } from '../fees/officers.js';
import { pathOf } from './deeds.js';
import type { ConsoleSize } from './fill-console.js';
import type { Things } from './things.js';
import type { Visit, Visits } from './visits.js';

const BASIS = { authority: 'Teftiş', documentNo: '1', date: '2026-01-05' };

/** Forms that may be sent again and again: looks that lead to a page, and openings of what is masked, which answer with one. */
export function actionsOf(size: ConsoleSize, { leaves, quarter }: Things): Visits {
  const at = <T>(all: readonly T[], n: number): T => all[(n * 37) % all.length] as T;
  const users = citizens('users', Math.min(size.users, 2_000)).map((one) => one.reveal());
  const subjects = citizens('subjects', 2_000).map((one) => one.reveal());
  const opened = (n: number) => ({ field: n % 2 === 0 ? 'subject.number' : 'actor.number', reason: 'ölçüm' });
  const actions: Readonly<Partial<Record<AccessId, (n: number) => Visit>>> = {
    'search.make': (n) =>
      sending('search.make', { ...BASIS, cooperative: `0${String(n).padStart(15, '0')}` }),
    'person.look': (n) => sending('person.look', { ...BASIS, person: at(subjects, n) }),
    'user.look': (n) => sending('user.look', { ...BASIS, actor: at(users, n) }),
    'all-sessions.find': (n) => sending('all-sessions.find', { kimlikNo: at(users, n) }),
    'story.reveal': (n) => ({
      path: pathOf('story.reveal', { leaf: at(leaves, n) }),
      sent: { fields: opened(n) },
    }),
    'quarter.reveal': () => ({
      path: pathOf('quarter.reveal', { quarter }),
      sent: { fields: { gerekce: 'ölçüm' } },
    }),
  };
  return new Map(Object.entries(actions));
}

/** A form that is answered by being sent on. */
function sending(id: AccessId, fields: Readonly<Record<string, string>>): Visit {
  return { path: pathOf(id), sent: { fields }, status: 303 };
}
