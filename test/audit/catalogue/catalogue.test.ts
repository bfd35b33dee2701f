import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { CATALOGUE } from '../../../src/audit/catalogue/catalogue.js';
import { catalogueTable } from '../../../src/audit/catalogue/catalogue-table.js';

const kinds = Object.entries(CATALOGUE);

/** Every object schema inside a schema, itself included, with the path to it. */
function objectsIn(schema: unknown, path: string): (readonly [string, z.ZodObject])[] {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return objectsIn(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return objectsIn(schema.element, `${path}[]`);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((one) => objectsIn(one, path));
  if (!(schema instanceof z.ZodObject)) return [];
  const below = Object.entries(schema.shape).flatMap(([name, one]) => objectsIn(one, `${path}.${name}`));
  return [[path, schema], ...below];
}

describe('the catalogue of entry kinds', () => {
  it('says of each kind when it is written, as a sentence after “Written:”', () => {
    for (const [kind, { when }] of kinds)
      expect([kind, when]).toEqual([kind, expect.stringMatching(/^\S.*[^.\s]$/)]);
  });

  it('has for each kind at least one member, and says of each member what it is', () => {
    for (const { kind, members } of catalogueTable()) {
      expect([kind, members.length]).not.toEqual([kind, 0]);
      const silent = members.filter(({ name, what }) => !/[.[]/.test(name) && what === '');
      expect([kind, silent.map(({ name }) => name)]).toEqual([kind, []]);
    }
  });

  it('closes every object of every kind: a member that nobody wrote down is refused, none is left out', () => {
    for (const [kind, { data }] of kinds) {
      for (const [path, object] of objectsIn(data, kind)) {
        const { catchall } = object.def;
        expect([path, catchall instanceof z.ZodNever]).toEqual([path, true]);
        const optional = Object.entries(object.shape).filter(([, one]) => one instanceof z.ZodOptional);
        expect([path, optional.map(([name]) => name)]).toEqual([path, []]);
      }
    }
  });

  it('names kinds and sealed fields alike everywhere: `room.happened`, `whose.what`', () => {
    for (const [kind, { sealed }] of kinds) {
      expect(kind).toMatch(/^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/);
      for (const field of Object.keys(sealed)) expect(field).toMatch(/^[a-z]+\.[a-z]+$/);
    }
  });

  it('keeps the acting person’s number on the actor’s side and searchable, wherever it stands', () => {
    for (const [kind, { sealed }] of kinds) {
      if (!Object.hasOwn(sealed, 'actor.number')) continue;
      expect([kind, sealed['actor.number']]).toEqual([kind, { side: 'actor', indexed: true }]);
    }
  });
});
