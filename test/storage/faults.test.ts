import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { databaseFault, type Phase, spoilsConnection } from '../../src/storage/faults.js';

function serverError(code: string, severity = 'ERROR'): pg.DatabaseError {
  const error = new pg.DatabaseError('text of the server', 10, 'error');
  return Object.assign(error, { code, severity });
}
const codeOf = (code: string, severity: string, phase: Phase) =>
  (databaseFault(serverError(code, severity), phase) as { code: string }).code;

describe('an error of the server', () => {
  it.each([
    ['57P01', 'FATAL'],
    ['57P02', 'FATAL'],
    ['57P03', 'FATAL'],
    ['57P05', 'FATAL'],
    ['25P03', 'FATAL'],
    ['08006', 'ERROR'],
    ['53100', 'ERROR'],
    ['53300', 'FATAL'],
    ['58030', 'ERROR'],
    ['25006', 'ERROR'],
    ['XX000', 'PANIC'],
  ])('%s (%s) before COMMIT means that nothing happened and the connection is spent', (code, severity) => {
    expect(codeOf(code, severity, 'before-commit')).toBe('DATABASE_UNAVAILABLE');
    expect(spoilsConnection(serverError(code, severity))).toBe(true);
  });

  it.each([
    ['57P01', 'FATAL'],
    ['08006', 'FATAL'],
    ['08007', 'ERROR'],
    ['40003', 'ERROR'],
    ['XX000', 'PANIC'],
  ])('%s (%s) during COMMIT means that its end is unknown', (code, severity) => {
    expect(codeOf(code, severity, 'committing')).toBe('COMMIT_UNKNOWN');
  });

  it('that only refuses the COMMIT says that nothing happened', () => {
    expect(codeOf('53100', 'ERROR', 'committing')).toBe('DATABASE_UNAVAILABLE');
    expect(codeOf('23503', 'ERROR', 'committing')).toBe('23503');
  });

  it.each(['23505', '40001', '40P01', '42501', '55P03', '57014', '22P02'])(
    '%s passes through and leaves the connection usable',
    (code) => {
      expect(databaseFault(serverError(code), 'before-commit')).toBeInstanceOf(pg.DatabaseError);
      expect(codeOf(code, 'ERROR', 'before-commit')).toBe(code);
      expect(spoilsConnection(serverError(code))).toBe(false);
    },
  );

  it('loses detail, where, hint and inner query, which may quote rows', () => {
    const error = Object.assign(serverError('23505'), {
      detail: 'planted',
      where: 'planted',
      hint: 'planted',
      internalQuery: 'planted',
    });
    expect(JSON.stringify(databaseFault(error, 'before-commit'))).not.toContain('planted');
  });
});

describe('an error that is not the server’s', () => {
  it('passes through', () => {
    const mine = new TypeError('mine');
    expect(databaseFault(mine, 'committing')).toBe(mine);
    expect(spoilsConnection(mine)).toBe(false);
  });
});
