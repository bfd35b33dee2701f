import { ACTIONS } from '../../authority/rights/actions.js';
import type { RouteSchemas } from '../service-route.js';

const string = { type: 'string' };
const word = { type: ['string', 'null'] };
const day = { type: 'string', format: 'date' };
const dayOrNone = { type: ['string', 'null'], format: 'date' };
const instantOrNone = { type: ['string', 'null'], format: 'date-time' };
const uuid = { type: 'string', format: 'uuid' };

const cooperative = {
  mersisNo: string,
  durum: { ...string, description: 'status on that day' },
  suspended: { type: 'boolean', description: '1163 m.90' },
  underTrustee: { type: 'boolean', description: 'a trustee (kayyım) in the place of the board' },
  version: { type: 'integer' },
  entry: {
    type: ['object', 'null'],
    description:
      'The entry of the audit log that told of this version; null for what came before they were kept.',
    properties: { leafIndex: { type: 'integer' } },
  },
  knownFrom: {
    ...instantOrNone,
    description:
      'Null where this is what was known then. Else nothing is kept of what was known then, and this is what was known from that instant on.',
  },
};

const authority = {
  person: {
    description:
      'The same pseudonym as in the feed of events; the number where the registration allows it and it is still kept.',
    oneOf: [
      { type: 'object', required: ['pseudonym'], properties: { pseudonym: string } },
      {
        type: 'object',
        required: ['kimlikNo'],
        properties: { kimlikNo: { type: 'string', pattern: '^[0-9]{11}$' } },
      },
    ],
  },
  role: string,
  seat: { ...uuid, description: 'as events and explanations name it' },
  from: day,
  to: { ...dayOrNone, description: 'the day on which it is over' },
  registeredOn: dayOrNone,
  state: { ...word, description: 'state of the registration' },
  representation: { ...word, description: 'signature rule: shown, decides nothing (m.5(3))' },
  gazette: word,
  actsFor: { ...word, description: 'VKN of the legal person that sits there through this representative' },
  appointment: { type: ['string', 'null'], format: 'uuid', description: 'KOOPBİS yetkilisi (m.15)' },
  may: {
    type: 'array',
    description: 'Actions to which the seat gives a right; fewer where the reading is old.',
    items: { enum: [...ACTIONS.keys()] },
  },
};

/** Schemas of the answer, for the OpenAPI document. */
export const AUTHORITIES_SCHEMAS: RouteSchemas = {
  Authorities: {
    type: 'object',
    required: ['mersisNo', 'at', 'knownAt', 'durum', 'version', 'authorities'],
    properties: {
      ...cooperative,
      at: { ...day, description: 'who could act on this day' },
      knownAt: { ...instantOrNone, description: 'as known at this instant; null: as known now' },
      readAt: {
        ...instantOrNone,
        description: 'when the registry was read last; null where `knownAt` is given',
      },
      freshness: {
        enum: ['fresh', 'reads-only', 'stale', null],
        description: 'How old that reading is, where today is asked about as known now.',
      },
      successor: {
        type: ['object', 'null'],
        description: 'The cooperative that it went into, whose seats these are.',
        properties: cooperative,
      },
      authorities: { type: 'array', items: { type: 'object', properties: authority } },
    },
  },
};
