import { suspensionCommand } from './suspend.js';

export const liftCommand = suspensionCommand(
  'lift',
  'lifted',
  'record that the ministry lets a suspended cooperative’s organs act again',
);
