import type { z } from 'zod';
import { nearestName } from './nearest-name.js';
import { isMapping, settingAt, showPath } from './schema-walk.js';

/** Unknown keys are shown up to this length. */
const MAX_SHOWN_KEY = 64;

const SECRET_FORM = 'must be { file: … } or { env: … }, never the value itself';

function valueAt(settings: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      isMapping(value) || Array.isArray(value) ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    settings,
  );
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings',
};

function sizeProblem(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const [word, limit] = issue.code === 'too_big' ? ['at most', issue.maximum] : ['at least', issue.minimum];
  if (issue.origin === 'string') return `must have ${word} ${limit} characters`;
  if (issue.origin === 'array') return `must have ${word} ${limit} items`;
  return `must be ${word} ${limit}`;
}

/** Text of one issue. Never holds the value that was given: it may be a secret in the wrong place. */
function textOf(issue: z.core.$ZodIssue, settings: unknown): string {
  const value = valueAt(settings, issue.path);
  if (issue.code === 'invalid_type') {
    if (value === undefined) return 'is required';
    // A custom text says more than the kind does.
    return issue.message.startsWith('Invalid input')
      ? `must be ${KINDS[issue.expected] ?? issue.expected}`
      : issue.message;
  }
  if (issue.code === 'invalid_value') {
    return value === undefined ? 'is required' : `must be one of ${issue.values.map(String).join(', ')}`;
  }
  if (issue.code === 'too_big' || issue.code === 'too_small') return sizeProblem(issue);
  return issue.message;
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, schema: z.core.$ZodType): string[] {
  const shape = settingAt(schema, issue.path)?.shape;
  const known = shape?.type === 'group' ? [...shape.keys.keys()] : ['file', 'env'];
  return issue.keys.map((key) => {
    const shown = key.length > MAX_SHOWN_KEY ? `${key.slice(0, MAX_SHOWN_KEY)}…` : key;
    return `${showPath([...issue.path, shown])}: unknown setting; the nearest is ${nearestName(key, known)}`;
  });
}

/** The lines `path: problem` for what the schema found. `settings` is what was checked. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  settings: unknown,
  schema: z.core.$ZodType,
): string[] {
  return issues.flatMap((issue) => {
    const isSecret = settingAt(schema, issue.path)?.shape.type === 'secret';
    // A key inside a secret's place may itself be the secret (`password: { hunter2: }`): it is not repeated.
    if (
      isSecret &&
      (issue.code === 'unrecognized_keys' ||
        (issue.code === 'invalid_type' && valueAt(settings, issue.path) !== undefined))
    ) {
      return [`${showPath(issue.path)}: ${SECRET_FORM}`];
    }
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue, schema);
    return [`${showPath(issue.path)}: ${textOf(issue, settings)}`];
  });
}
