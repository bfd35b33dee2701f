// The sandbox as a user meets it: starts it by npm, makes one identity check over mutual TLS, asks the outside witness, takes
// the log away and verifies it, presses Ctrl-C and looks that nothing is left. On ports and in a folder of its own.
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_MS = 60_000; // "ready in under a minute"
const STOP_MS = 60_000; // the bridge drains for 20 s, the database writes its checkpoint
const BASE_PORT = 18_640;
const DATA = resolve(`var/drill-${process.pid}`);
// Every process of the sandbox inherits this mark; the database server, which does not, is found by its port.
const MARK = `KOOPBIS_DRILL=${randomUUID()}`;

const env = { ...process.env, KOOPBIS_DRILL: MARK.split('=')[1] };
const tell = (text) => process.stdout.write(`drill: ${text}\n`);
const demand = (holds, what) => {
  if (!holds) throw new Error(what);
};

function startSandbox() {
  const options = ['--ports', String(BASE_PORT), '--data', DATA, '--people', '200', '--cooperatives', '30'];
  // Detached: a process group of its own, as a terminal gives to a command.
  const child = spawn('npm', ['run', 'sandbox', '--', ...options], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const ended = new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)));
  const ready = new Promise((done, fail) => {
    const timer = setTimeout(
      () => fail(new Error(`not ready within ${READY_MS / 1000} s:\n${text}`)),
      READY_MS,
    );
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (!/^sandbox ready$/m.test(text)) return;
      clearTimeout(timer);
      done();
    });
    void ended.then((how) => fail(new Error(`the sandbox ended with ${how}:\n${text}`)));
  });
  return { child, ended, ready };
}

function readSandbox() {
  return JSON.parse(readFileSync(`${DATA}/sandbox.json`, 'utf8'));
}

function signIn(kimlikNo, ...options) {
  const args = ['run', '--silent', 'sandbox:token', '--', kimlikNo, '--data', DATA, ...options];
  return spawnSync('npm', args, { env, encoding: 'utf8' });
}

function tokenFor(kimlikNo, ...options) {
  const run = signIn(kimlikNo, ...options);
  demand(run.status === 0, `no token: ${run.stderr}`);
  return run.stdout.trim();
}

/** Two steps or no session; the second step for operations on top of it. */
function signInOnce(sandbox) {
  const living = sandbox.people.filter((person) => person.durum === 'açık');
  const oneStep = living.find((person) => person.edevletTotp === null);
  const refused = signIn(oneStep.kimlikNo);
  demand(
    refused.status === 1 && refused.stdout === '' && refused.stderr.includes('two-step-required'),
    `without two steps the sign-in ended with ${refused.status}: ${refused.stderr}`,
  );
  const officer = living.find((person) => person.is.includes('security-officer'));
  const token = tokenFor(officer.kimlikNo, '--step-up');
  const listed = bridge(sandbox, token, 'sessions', 'list');
  demand(listed.status === 0, `bridge sessions list ended with ${listed.status}:\n${listed.text}`);
  tell('sign-in: refused with one step, stepped up with two; the session is in the list');
}

function post(sandbox, token, body) {
  const { cert, key } = sandbox.clients['koopbis-core'];
  const [ca, certificate, privateKey] = [sandbox.ca, cert, key].map((file) => readFileSync(file));
  return new Promise((done, fail) => {
    const call = request(
      `${sandbox.api}/v1/identity/verifications`,
      {
        method: 'POST',
        ca,
        cert: certificate,
        key: privateKey,
        agent: false,
        timeout: 20_000,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => done({ status: response.statusCode, body: JSON.parse(text) }));
      },
    );
    call.on('timeout', () => call.destroy(new Error('the API does not answer')));
    call.on('error', fail);
    call.end(JSON.stringify(body));
  });
}

async function checkOnce(sandbox) {
  const boardOf = (person) => person.is.find((role) => role.startsWith('board:'))?.slice('board:'.length);
  const asker = sandbox.people.find((person) => person.edevletTotp !== null && boardOf(person) !== undefined);
  const { kimlikNo, ad, soyad, dogumTarihi } = sandbox.people.find(
    (person) => person.durum === 'açık' && person.is.includes('nobody'),
  );
  const subject = { kimlikNo, ad, soyad, dogumTarihi };
  const seen = async () => {
    const answer = await fetch(`${sandbox.mocks.control}/seen?system=kps&after=0`);
    return (await answer.json()).requests.length;
  };
  const before = await seen();
  const token = tokenFor(asker.kimlikNo);
  const answer = await post(sandbox, token, { purpose: 'ortak-kayit', cooperative: boardOf(asker), subject });
  demand(
    answer.status === 200 && answer.body.outcome === 'match',
    `the check gave ${answer.status} ${answer.body.code}`,
  );
  demand((await seen()) === before + 1, 'KPS did not see exactly one query');
  tell(`one check: ${answer.body.outcome}, leaf ${answer.body.receipt.leafIndex}`);
}

/** Runs `npx bridge …` beside the sandbox with `input` on standard input; its exit code and what it printed. */
function bridge(sandbox, input, ...args) {
  const run = spawnSync('npx', ['bridge', ...args], {
    env: { ...env, BRIDGE_CONFIG: sandbox.config },
    input,
    encoding: 'utf8',
  });
  return { status: run.status, text: `${run.stdout}${run.stderr}` };
}

function takeLogAway(sandbox) {
  const folder = `${DATA}/export`;
  const must = (status, ...args) => {
    const run = bridge(sandbox, '', ...args);
    demand(run.status === status, `bridge ${args[1]} ended with ${run.status}:\n${run.text}`);
    return run.text;
  };
  must(0, 'audit', 'export', '--out', folder);
  must(0, 'audit', 'verify', folder);
  must(0, 'audit', 'check');
  const entries = readFileSync(`${folder}/entries.ndjson`);
  entries[entries.length >> 1] ^= 1;
  writeFileSync(`${folder}/entries.ndjson`, entries);
  demand(/^FAIL /m.test(must(1, 'audit', 'verify', folder)), 'a changed export is not named');
  tell('the log: exported, verified, checked; one bit changed, and the verifier says so');
}

function marked() {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(MARK);
    } catch {
      return false; // gone meanwhile, or another user's
    }
  });
}

function listens(host, port) {
  return new Promise((done) => {
    const socket = connect({ host, port });
    socket.once('connect', () => socket.destroy(done(true)));
    socket.once('error', () => done(false));
  });
}

/** What still runs or listens, in words; nothing when all is gone. */
async function leftOf(sandbox) {
  const urls = [sandbox.api, sandbox.web, sandbox.ops, sandbox.database, ...Object.values(sandbox.mocks)].map(
    (url) => new URL(url),
  );
  const open = await Promise.all(urls.map(({ hostname, port }) => listens(hostname, Number(port))));
  return [
    ...urls.filter((_, i) => open[i]).map(({ port }) => `port ${port}`),
    ...marked().map((pid) => `process ${pid}`),
  ];
}

async function pressCtrlC({ child, ended }, sandbox) {
  const until = Date.now() + STOP_MS;
  process.kill(-child.pid, 'SIGINT');
  const how = await Promise.race([ended, sleep(STOP_MS, 'no end', { ref: false })]);
  // npm and its shell end by the signal, perhaps before the sandbox has drained; npm may also give the sandbox's own 0.
  demand(how === 0 || how === 'SIGINT' || how === 130, `after Ctrl-C npm ended with ${how}`);
  let left = await leftOf(sandbox);
  while (left.length > 0 && Date.now() < until) {
    await sleep(200);
    left = await leftOf(sandbox);
  }
  demand(left.length === 0, `${STOP_MS / 1000} s after Ctrl-C there is still ${left.join(', ')}`);
}

const from = Date.now();
const running = startSandbox();
try {
  await running.ready;
  tell(`ready after ${((Date.now() - from) / 1000).toFixed(1)} s`);
  const sandbox = readSandbox();
  demand(marked().length > 0, 'no process carries the mark: what is left could not be seen');
  await checkOnce(sandbox);
  signInOnce(sandbox);
  takeLogAway(sandbox);
  await pressCtrlC(running, sandbox);
  tell('stopped; nothing is left');
} catch (error) {
  if (running.child.exitCode === null && running.child.signalCode === null)
    process.kill(-running.child.pid, 'SIGTERM');
  await running.ended;
  throw error;
} finally {
  // As root its data may stand under /var/tmp, since the sandbox's folder is its owner's alone.
  const { removeEmbedded } = await import('../dist/src/storage/embedded/remove.js');
  await removeEmbedded({ directory: `${DATA}/database` });
  rmSync(DATA, { recursive: true, force: true });
}
