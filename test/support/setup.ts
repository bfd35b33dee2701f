import { KimlikNo } from '../../src/person/kimlik-no.js';

// In tests a number that is about to be printed is an error, not a `***`: the leak shows where it is made.
KimlikNo.throwWhenPrinted = true;
