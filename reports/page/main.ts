// The script of the report's page. Without it the page is complete, but does not react.
import { setUpCharts } from './charts.js';
import { setUpCopying } from './copy.js';
import { setUpFilter } from './filter.js';
import { setUpLinks } from './links.js';
import { setUpPrinting } from './print.js';
import { setUpSorting } from './sort.js';
import { setUpWhatIf } from './what-if.js';

setUpCharts();
setUpFilter();
setUpSorting();
setUpCopying();
setUpPrinting();
setUpWhatIf();
// This comes last, because the others move the targets of links.
setUpLinks();
