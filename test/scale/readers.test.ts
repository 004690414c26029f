// The readers on more files than the tests have time for.
import { testReaders } from '../readers.js';

testReaders({ histories: 10_000, results: 120, spoiledRecordings: 1000, spoiledResults: 500 });
