interface IssueSoFar {
  readonly code?: string | undefined;
  readonly path?: readonly PropertyKey[] | undefined;
}

/**
 * Lets a rule over several settings run although other settings are wrong, so that every problem is told at once: the
 * rule waits only where one of its own settings has a problem. Unknown keys hinder no rule.
 */
export function whenSound(...settings: string[]): (payload: { issues: readonly IssueSoFar[] }) => boolean {
  return ({ issues }) =>
    issues.every((issue) => {
      if (issue.code === 'unrecognized_keys') return true;
      const path = `${(issue.path ?? []).map(String).join('.')}.`;
      return (
        path !== '.' &&
        settings.every((setting) => !path.startsWith(`${setting}.`) && !`${setting}.`.startsWith(path))
      );
    });
}
