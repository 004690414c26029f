// Runs in the report's page, where scripts run. Without them the page says all that it has to say, in plain markup.
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
// Last: what comes before moves what a link leads to.
setUpLinks();
