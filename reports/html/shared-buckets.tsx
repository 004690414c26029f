import { COLLISIONS_PLACE, collisionTable } from '../figures/tag-collisions.js';
import { Article } from './article.js';
import type { Content } from './content.js';
import { NumberTables } from './number-tables.js';

/** When the missing check of the tag shows itself. */
export function SharedBuckets({ results }: Content) {
  return (
    <Article
      id={COLLISIONS_PLACE}
      name="the missing check of the tag"
      heading="When the missing check of the tag shows itself"
    >
      <NumberTables results={results} tables={[collisionTable(results)]} />
    </Article>
  );
}
