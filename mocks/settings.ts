import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { z } from 'zod';

import type { EdevletClient } from './edevlet/clients.js';
import type { ResourceTransport } from './edevlet/parts.js';
import type { TsaCustomer, TsaUser } from './tsa/accounts.js';

const Port = z.int().min(0).max(65_535);
/** The stand-ins hold passwords of a sandbox and a control interface without protection: they stay on this machine. */
const Loopback = z.string().regex(/^(127(\.\d{1,3}){3}|::1|localhost)$/, 'must be a loopback address');
const Service = z.strictObject({ host: Loopback, port: Port, url: z.url().optional() });

/** Where a code may be sent: without a fragment (RFC 6749 §3.1.2), and over TLS alone. */
const RedirectUri = z.url({ protocol: /^https$/ }).regex(/^[^#]*$/, 'must have no fragment');
const MAX_CLIENTS = 20;
/** As HTTP Basic can carry it (RFC 7617 §2). */
const UserName = z
  .string()
  .min(1)
  .regex(/^[^:]*$/, 'must have no colon');

const Edevlet = z.strictObject({
  host: Loopback,
  port: Port,
  clients: z
    .array(
      z.strictObject({
        clientId: z.string().min(1).max(200),
        clientSecretFile: z.string().min(1),
        redirectUris: z.array(RedirectUri).min(1).max(MAX_CLIENTS),
        separator: z.enum([';', ' ']).default(';'),
      }),
    )
    .min(1)
    .max(MAX_CLIENTS)
    .refine((clients) => new Set(clients.map(({ clientId }) => clientId)).size === clients.length, {
      error: 'must name each clientId once',
    }),
  resourceTransport: z.enum(['form', 'query', 'json']).default('form'),
});

/** The settings file of the stand-ins; files are relative to its folder. */
const SettingsFile = z.strictObject({
  /** Where the witnesses (`seen-*.ndjson`) are kept. */
  dataDirectory: z.string().min(1),
  /** The population as JSON; patches are written back to it. */
  worldFile: z.string().min(1),
  control: z.strictObject({ host: Loopback, port: Port }),
  sts: Service,
  kps: Service,
  tls: z.strictObject({ cert: z.string().min(1), key: z.string().min(1), clientCa: z.string().min(1) }),
  /** e-Devlet, with the certificate of `tls` but without client certificates; none where absent. */
  edevlet: Edevlet.optional(),
  /** The time stamping authority, over plain HTTP as Kamu SM's; none where absent. */
  tsa: z
    .strictObject({
      host: Loopback,
      port: Port,
      cert: z.string().min(1),
      key: z.string().min(1),
      customers: z.array(z.strictObject({ customerNo: z.int().min(1), passwordFile: z.string().min(1) })),
      users: z.array(
        z.strictObject({
          userName: UserName,
          passwordFile: z.string().min(1),
        }),
      ),
    })
    .optional(),
  /** MERSİS, with the certificate and the client CA of `tls`; none where absent. */
  mersis: z
    .strictObject({
      host: Loopback,
      port: Port,
      accounts: z
        .array(
          z.strictObject({
            userName: UserName,
            passwordFile: z.string().min(1),
            sourceAddresses: z.array(z.string().min(1)).min(1),
          }),
        )
        .min(1)
        .max(MAX_CLIENTS)
        .refine((accounts) => new Set(accounts.map(({ userName }) => userName)).size === accounts.length, {
          error: 'must name each userName once',
        }),
    })
    .optional(),
  accounts: z
    .array(
      z.strictObject({
        userName: z.string().min(1),
        passwordFile: z.string().min(1),
        sourceAddresses: z.array(z.string().min(1)).min(1),
        services: z.array(z.string().min(1)).optional(),
        /** What NVİ asks of it; 0 for an institution outside the fee, 2 where absent. */
        kurusPerQuery: z.int().min(0).max(1_000).optional(),
      }),
    )
    .min(1),
  /** How long a token is good. WIF's own default is an hour; short here so that renewal is seen. */
  tokenLifetimeS: z.number().positive().max(86_400).default(600),
  unknownSource: z.enum(['reset', 'hang', 'html-403']).default('reset'),
});

/** What the stand-in of the time stamping authority starts on. */
export interface TsaSettings {
  readonly host: string;
  readonly port: number;
  readonly cert: string;
  readonly key: string;
  readonly customers: readonly TsaCustomer[];
  readonly users: readonly TsaUser[];
}

/** What the stand-in of e-Devlet starts on. */
export interface EdevletSettings {
  readonly host: string;
  readonly port: number;
  readonly clients: readonly EdevletClient[];
  /** The one way in which the resource call carries its fields; a form where absent. */
  readonly resourceTransport?: ResourceTransport | undefined;
}

/** What the stand-in of MERSİS starts on. */
export interface MersisSettings {
  readonly host: string;
  readonly port: number;
  readonly accounts: readonly {
    readonly userName: string;
    readonly password: string;
    readonly sourceAddresses: readonly string[];
  }[];
}

/** Settings with every file read: what the stand-ins start on. */
export interface StandInSettings {
  readonly dataDirectory: string;
  readonly control: { readonly host: string; readonly port: number };
  /** `url`: by which clients call, `https://localhost:<port>/…` where absent. Port 0 takes a free one. */
  readonly sts: { readonly host: string; readonly port: number; readonly url?: string | undefined };
  readonly kps: { readonly host: string; readonly port: number; readonly url?: string | undefined };
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string; readonly clientCa: string };
  /** No such stand-in where absent. */
  readonly edevlet?: EdevletSettings | undefined;
  /** Signer as PEM texts, customers of Kamu SM's `/`, users of `/basic`. No such stand-in where absent. */
  readonly tsa?: TsaSettings | undefined;
  /** No such stand-in where absent. */
  readonly mersis?: MersisSettings | undefined;
  readonly accounts: readonly {
    readonly userName: string;
    readonly password: string;
    readonly sourceAddresses: readonly string[];
    readonly services?: readonly string[] | undefined;
    /** What NVİ asks of it; 0 for an institution outside the fee, 2 where absent. */
    readonly kurusPerQuery?: number | undefined;
  }[];
  readonly tokenLifetimeS: number;
  readonly unknownSource: 'reset' | 'hang' | 'html-403';
}

/**
 * Reads and checks a settings file and what it points to.
 *
 * @throws Error that names what is wrong, never a password
 */
export async function loadSettings(path: string): Promise<{ settings: StandInSettings; worldFile: string }> {
  const parsed = SettingsFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new Error(`settings of the stand-ins: ${z.prettifyError(parsed.error)}`);
  const file = parsed.data;
  const at = (relative: string) => resolve(dirname(path), relative);
  const text = (relative: string) => readFile(at(relative), 'utf8');
  const secretText = async (relative: string) => (await text(relative)).replace(/\r?\n$/, '');
  const withPasswords = <A extends { passwordFile: string }>(list: readonly A[]) =>
    Promise.all(
      list.map(async ({ passwordFile, ...account }) => ({
        ...account,
        password: await secretText(passwordFile),
      })),
    );
  return {
    worldFile: at(file.worldFile),
    settings: {
      dataDirectory: at(file.dataDirectory),
      control: file.control,
      sts: file.sts,
      kps: file.kps,
      tls: {
        cert: await text(file.tls.cert),
        key: await text(file.tls.key),
        clientCa: await text(file.tls.clientCa),
      },
      accounts: await withPasswords(file.accounts),
      edevlet: file.edevlet && {
        ...file.edevlet,
        clients: await Promise.all(
          file.edevlet.clients.map(async ({ clientSecretFile, ...client }) => ({
            ...client,
            clientSecret: await secretText(clientSecretFile),
          })),
        ),
      },
      tsa: file.tsa && {
        ...file.tsa,
        cert: await text(file.tsa.cert),
        key: await text(file.tsa.key),
        customers: await withPasswords(file.tsa.customers),
        users: await withPasswords(file.tsa.users),
      },
      mersis: file.mersis && { ...file.mersis, accounts: await withPasswords(file.mersis.accounts) },
      tokenLifetimeS: file.tokenLifetimeS,
      unknownSource: file.unknownSource,
    },
  };
}
