// The script of the report's page. Without it the page is complete, but does not react.
import { setUpChoices } from './choices.js';
import { setUpConditions } from './conditions.js';
import { setUpCopying } from './copy.js';
import { setUpSettings } from './settings.js';
import { setUpSorting } from './sort.js';
import { setUpTabs } from './tabs.js';
import { setUpWhatIf } from './what-if.js';

setUpChoices();
setUpSorting();
setUpCopying();
setUpConditions();
setUpWhatIf();
setUpSettings();
// This comes last, because the others move the targets of links.
setUpTabs();
