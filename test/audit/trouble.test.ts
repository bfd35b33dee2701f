import { describe, expect, it } from '@jest/globals';
import { troubleOf } from '../../src/audit/trouble.js';
import { BridgeError } from '../../src/errors/bridge-error.js';

const sqlState = (code: string, routine?: string) => Object.assign(new Error('x'), { code, routine });

describe('the trouble behind an error', () => {
  it.each([
    ['a database that is away', new BridgeError('DATABASE_UNAVAILABLE', 'x'), 'unavailable'],
    ['a lost COMMIT that did not happen', new BridgeError('COMMIT_UNKNOWN', 'x'), 'unavailable'],
    ['a session that could lose what it commits', new BridgeError('DURABILITY_OFF', 'x'), 'unavailable'],
    ['a deadlock', sqlState('40P01'), 'collision'],
    ['a serialization failure', sqlState('40001'), 'collision'],
    ['a lock that is not had in time', sqlState('55P03'), 'slow'],
    ['a statement timeout', sqlState('57014'), 'slow'],
    ['a boundary without a partition', sqlState('23514', 'ExecFindPartition'), 'no-partition'],
    ['a violated CHECK', sqlState('23514', 'ExecConstraints'), 'item'],
    ['a violated key', sqlState('23505'), 'item'],
    ['an entry without canonical form', new BridgeError('ENTRY_INVALID', 'x'), 'item'],
    ['a key that is gone', new BridgeError('KEY_DESTROYED', 'x'), 'item'],
    ['an error of the lane', new TypeError('x'), 'item'],
    ['nothing', undefined, 'item'],
    ['a text', '40P01', 'item'],
  ])('%s', (_, error, trouble) => {
    expect(troubleOf(error)).toBe(trouble);
  });
});
