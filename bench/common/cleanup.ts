/** What must be undone at the end, however the bench ends; in the reverse order, once. */
export class Cleanup {
  readonly #steps: (() => Promise<void> | void)[] = [];
  #running: Promise<void> | undefined;

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** Goes on where a step fails: a process that would not stop must not leave the folder behind too. */
  run(): Promise<void> {
    this.#running ??= (async () => {
      for (const step of this.#steps.reverse()) {
        try {
          await step();
        } catch (error) {
          process.stderr.write(`cleaning up: ${error instanceof Error ? error.message : 'a step failed'}\n`);
        }
      }
    })();
    return this.#running;
  }
}
