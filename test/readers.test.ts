import { testReaders } from './readers.js';

testReaders({ histories: 2000, results: 60, spoiledRecordings: 100, spoiledResults: 100 });
