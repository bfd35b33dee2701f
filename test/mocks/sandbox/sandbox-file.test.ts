import { describe, expect, it } from '@jest/globals';
import type { SandboxCertificates } from '../../../certs-example/generate.js';
import { CLIENT_NAMES } from '../../../certs-example/profile.js';
import { generatePopulation } from '../../../mocks/population/generate-population.js';
import { layoutOf } from '../../../mocks/sandbox/layout.js';
import { sandboxFileOf } from '../../../mocks/sandbox/sandbox-file.js';

const pair = { cert: 'cert.pem', key: 'key.pem', sha256: '' };
const certificates = {
  ca: 'ca.pem',
  clients: Object.fromEntries(CLIENT_NAMES.map((name) => [name, pair])),
} as unknown as SandboxCertificates;
const population = generatePopulation({ seed: 'file', people: 100, cooperatives: 30, today: '2026-07-15' });
const file = sandboxFileOf(layoutOf('var/sandbox', null), certificates, 'postgres://a@b/c', population);

describe('the sandbox file', () => {
  it('tells of cooperatives what the contract names and nothing else: boards are asked of MERSİS', () => {
    const names = ['mersisNo', 'vkn', 'unvan', 'tur', 'seviye', 'kanun', 'il', 'ilgiliBakanlik', 'durum'];
    expect(file.cooperatives).toHaveLength(30);
    for (const one of file.cooperatives) expect(Object.keys(one)).toEqual(names);
  });

  it('names every stand-in that runs', () => {
    expect(file.mocks.mersis).toBe('https://localhost:8448/SicilSorguServisi');
    expect(Object.keys(file.mocks).sort()).toEqual(
      ['edevlet', 'sts', 'kps', 'mersis', 'tsa', 'koopbis', 'control'].sort(),
    );
  });
});
