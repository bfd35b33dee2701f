import pg from 'pg';

const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const DATE_ARRAY = 1182;
const TIMESTAMP = 1114;
const TEXT_ARRAY = 1009;

type Parser = (value: string) => unknown;

const asText: Parser = (value) => value;
const asTextArray = pg.types.getTypeParser(TEXT_ARRAY as number, 'text') as (
  value: string,
) => (string | null)[];

/**
 * Where we read values otherwise than pg: int8 (and count()) as bigint, since leaf indices pass 2^53 by design; date as
 * `YYYY-MM-DD`, since a birth day has no zone; timestamp without zone as text, since guessing a zone would be wrong.
 * timestamptz is a Date and numeric a string, as pg has them.
 */
const OURS: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [INT8, (value) => BigInt(value)],
  [INT8_ARRAY, (value) => asTextArray(value).map((item) => (item === null ? null : BigInt(item)))],
  [DATE, asText],
  [DATE_ARRAY, asTextArray],
  [TIMESTAMP, asText],
]);

/** Given to each connection of ours; pg's global parsers, which other libraries rely on, stay as they are. */
export const TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : OURS.get(oid)) ??
    pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};
