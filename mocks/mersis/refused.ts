import type { HttpReply } from '../http/http-reply.js';

/** A request that is refused. `reason` is ours, exact, and goes into `/seen`; the caller gets only the generic reply. */
export class Refused extends Error {
  readonly reason: string;
  readonly reply: HttpReply;

  constructor(reason: string, reply: HttpReply) {
    super(`refused: ${reason}`);
    this.name = 'Refused';
    this.reason = reason;
    this.reply = reply;
  }
}
