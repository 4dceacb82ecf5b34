import type { UnitRole } from '@app/domain/task.js';
import { beginsWithBody } from './english-names.js';
import { asForBody, asksForPost, isPost } from './english-posts.js';

/** The labels of English action plans: Lead agency · Supporting partners · Timeframe. */

const NOUN =
  '(?:agenc(?:y|ies)|departments?|ministr(?:y|ies)|organi[sz]ations?|entit(?:y|ies)|bod(?:y|ies)|units?|offices?|partners?|institutions?|authorit(?:y|ies)|part(?:y|ies)|divisions?|directorates?|bureau[xs]?|councils?|stakeholders?|actors?|teams?)';
const NOUNS = `${NOUN}(?: ?/ ?${NOUN})?`;
const LABELS: readonly (readonly [role: UnitRole | 'due', label: RegExp])[] = [
  [
    'support',
    new RegExp(
      `(?:support(?:ing)?(?: ${NOUNS}| role)?|supported by|contributing(?: ${NOUN})?|contributors?|(?:key |delivery |implementing |external )?(?:partners?|stakeholders?|players|actors?)|partner ${NOUN}|(?<=^|[;|] ?)with|collaborat(?:ing ${NOUN}|ors?)|assisting ${NOUN}|participating ${NOUN}|other ${NOUN}(?: involved| concerned)?|secondary ${NOUN}|in partnership with|consult(?:ed|ing ${NOUN}))(?: ?\\(s\\)| ?\\(ies\\))?$`,
      'i',
    ),
  ],
  ['guide', new RegExp(`(?:guidance|oversight(?: ${NOUN})?|overseen by|supervis(?:ed by|ing ${NOUN})|advis(?:ed by|ory ${NOUN}))$`, 'i')],
  [
    'lead',
    new RegExp(
      `(?:(?:joint |co-|action |project |overall )?lead(?:s|ing)?(?: (?:responsible )?${NOUNS}| responsibility)?|led by|(?:action )?owners?|accountable(?: ${NOUN})?|primary ${NOUN}|coordinating ${NOUN}|coordinator)(?: ?\\(s\\)| ?\\(ies\\))?$`,
      'i',
    ),
  ],
  [
    'responsible',
    new RegExp(
      `(?:(?:primary |main |${NOUN} )?responsible(?: ${NOUNS})?|responsibility|(?:implementing|executing|delivery) ${NOUN}|implemented by|assigned to|assignee|who)(?: ?\\(s\\)| ?\\(ies\\))?$`,
      'i',
    ),
  ],
  [
    'due',
    /(?:time ?-?lines?|time ?-?frames?|timing|time ?scales?|deadlines?|due(?: date| by)?|(?:target |planned |expected |estimated )?(?:implementation deadline|completion|delivery|target|end|start and end)(?: date)?|target dates?|by when|(?<=^|[;|] ?)by|when|dates?|schedule)$/i,
  ],
];
const OTHER = /(?:^|[.;] )([A-Z][A-Za-z()/&' -]{1,40})$/;

export type EnglishLabel = { role: UnitRole | 'due' | 'other'; length: number };

/** Says nothing by itself (Action: Publish the maps) but where a body follows (Action: Ministry of Health). */
const ACTION = /(?:^|[\s.;,(|])((?:Action|For action|Action point)(?: by| on)?|Agency|Agencies|Entity|Entities)$/i;

const roleIn = (before: string): EnglishLabel | null => {
  for (const [role, pattern] of LABELS) {
    const found = pattern.exec(before);
    if (found && (found.index === 0 || /[\s.;,(|)]/.test(before.charAt(found.index - 1)))) return { role, length: found[0].length };
  }
  return null;
};

/** The label that ends with these words (what stands before a colon, at most 48 characters of it). `behind` is what follows the colon. */
export function englishLabelIn(before: string, behind = ''): EnglishLabel | null {
  const label = roleIn(before);
  if (label) return label;
  // Responsible officer: Manager Finance gives a role; with a person's name behind it, it does not.
  if (asksForPost(before) && isPost(behind.trim().split(/[,;.\n(]/, 1)[0]!)) {
    const asked = asForBody(before);
    const post = roleIn(asked);
    if (post) return { ...post, length: post.length + before.length - asked.length };
  }
  const action = ACTION.exec(before);
  if (action && beginsWithBody(behind)) return { role: 'responsible', length: action[1]!.length };
  const other = OTHER.exec(before);
  return other ? { role: 'other', length: other[1]!.length } : null;
}
