import { readGuideline } from './read.js';
import { codesIn, listsIn } from './testing.js';

describe('an English action plan', () => {
  it.each([
    [
      'Lead Department(s): Department of Housing, Local Government and Heritage\nKey Stakeholders: EPA',
      'l: Department of Housing, Local Government and Heritage | s: EPA',
    ],
    [
      'Lead: Department of Commerce. Support: Department of Transportation, NASA',
      'l: Department of Commerce | s: Department of Transportation NASA',
    ],
    ['Lead – Ministry of Finance and Planning\nSupport – Central Bank', 'l: Ministry of Finance and Planning | s: Central Bank'],
    ['Responsibility: Ministry of Works (lead), district councils', 'l: Ministry of Works | s: district councils'],
    ['Responsible Bureau/Department: Culture, Sports and Tourism Bureau', 'r: Culture, Sports and Tourism Bureau'],
    ['Responsible officer: Manager Community Services and Safety', 'r: Manager Community Services and Safety'],
    ['Lead: Director of Works and Town Engineer; Support: Chief Executive', 'l: Director of Works Town Engineer | s: Chief Executive'],
    ['Responsible: DoH, DfE and Home Office', 'r: DoH DfE Home Office'],
    ['Responsible: EPA, DOE and LGUs', 'r: EPA DOE LGUs'],
    [
      'Lead: Ministry of Health; Support: Treasury, Department of Transport; Timeline: Q4 2025',
      'l: Ministry of Health | s: Treasury Department of Transport | Q4 2025 = 2025-12-31',
    ],
    ['Responsible: Department of Health and Human Services', 'r: Department of Health and Human Services'],
    ['Responsible: Center for Statistics, Department of Education', 'r: Center for Statistics, Department of Education'],
    [
      'Lead: Treasury (with support from the Department of Finance). Due: 30 June 2026',
      'l: Treasury | s: Department of Finance | 30 June 2026 = 2026-06-30',
    ],
    [
      'Responsible: Board of Audit, with direction from the Council on Policy, and the Department of Energy',
      'g: Council on Policy | r: Board of Audit Department of Energy',
    ],
    ['(Action: Ministry of Health, by end-May 2026)', 'r: Ministry of Health | by end-May 2026 = 2026-05-31'],
    ['Action by: Department of Planning', 'r: Department of Planning'],
    ['Agency: Department of Planning\nDeadline: June 2026', 'r: Department of Planning | June 2026 = 2026-06-30'],
    ['(Ministry of Education, with support from the Coast Guard)', 'l: Ministry of Education | s: the Coast Guard'],
    ['Lead: Justice Canada and Health Canada\nTarget: Completed', 'l: Justice Canada Health Canada'],
    ['[Lead: Ports Authority | Support: Navy Museum, Coast Guard]', 'l: Ports Authority | s: Navy Museum Coast Guard'],
    ['Lead: Ministry of Housing and UN-Habitat; Deadline: Q1/2027', 'l: Ministry of Housing UN-Habitat | Q1/2027 = 2027-03-31'],
    ['Lead: Ministry of Works\nOther parties involved: Roads Authority', 'l: Ministry of Works | s: Roads Authority'],
    ['Timeline: Q3 2026\nLead: Ministry of Works', 'l: Ministry of Works | Q3 2026 = 2026-09-30'],
    [
      'Lead: Ministry of Works | Stakeholders: City and County Surveyors Association; Roads Authority | Timeline: Q3 2026',
      'l: Ministry of Works | s: City and County Surveyors Association Roads Authority | Q3 2026 = 2026-09-30',
    ],
    ['Lead: City and Ministry of Works', 'l: City Ministry of Works'],
    ['Responsible: Ministry of Planning and National Development', 'r: Ministry of Planning and National Development'],
    ['Lead: Ministry of Defence and National Police Service', 'l: Ministry of Defence National Police Service'],
    [
      'Lead: Department of Primary and Secondary Education, Research and Science',
      'l: Department of Primary and Secondary Education, Research and Science',
    ],
    ['Lead: Department of Health and Welfare, Treasury and EPA', 'l: Department of Health and Welfare Treasury EPA'],
  ])('%s', (line, list) => {
    expect(listsIn(`1.1 Build the register.\n${line}\n`)).toEqual([list]);
  });

  it.each([
    ['Herders Organizations and Department of Finance', 'Herders Organizations · Department of Finance'],
    ['Department of Health and District Education Authorities', 'Department of Health · District Education Authorities'],
    ['Bureau of Maps and Coastal Harvest Organisations', 'Bureau of Maps · Coastal Harvest Organisations'],
    ['Polar Research Foundation and Forests and Rural Lands Canada', 'Polar Research Foundation · Forests and Rural Lands Canada'],
    ['Ministry of Lands and Chamber of Commerce', 'Ministry of Lands · Chamber of Commerce'],
    ['Department of Enterprise and Skills Ireland', 'Department of Enterprise · Skills Ireland'],
    ['University of Galloway and Kintyre College Oban', 'University of Galloway · Kintyre College Oban'],
    ['Roads Board; Harbour Trust and Coast Guard', 'Roads Board · Harbour Trust · Coast Guard'],
    ['Parks Canada as well as Yukon Hospitals Corporation', 'Parks Canada · Yukon Hospitals Corporation'],
    ['Department of Health & Department of Finance', 'Department of Health · Department of Finance'],
    ['Board of Audit and Power Corporation and Tourism Jamaica', 'Board of Audit · Power Corporation · Tourism Jamaica'],
    ['Department of Health and Welfare and Roads Agency', 'Department of Health and Welfare · Roads Agency'],
    ['City of Westhaven and Region of Carn', 'City of Westhaven · Region of Carn'],
    ['Town of Carn and Parks Canada', 'Town of Carn · Parks Canada'],
    ['local councils and Tourism Ireland', 'local councils · Tourism Ireland'],
    [
      'Ministry of Lands, Housing and Urban Development and Coastal Planning Authority',
      'Ministry of Lands, Housing and Urban Development · Coastal Planning Authority',
    ],
    ['Department for Food and Rural Affairs and Nature England', 'Department for Food and Rural Affairs · Nature England'],
    ['Department of Finance and Public Administration', 'Department of Finance and Public Administration'],
    ['all councils and agencies', 'all councils and agencies'],
    ['Social Services and Housing Department', 'Social Services and Housing Department'],
    ['Local Government and Housing Authority', 'Local Government and Housing Authority'],
    ['Department of Food and Drugs', 'Department of Food and Drugs'],
    ['Agriculture and Agri-Food Canada', 'Agriculture and Agri-Food Canada'],
    ['Culture, Sports and Tourism Bureau', 'Culture, Sports and Tourism Bureau'],
    ['Department of the Premier and Cabinet', 'Department of the Premier and Cabinet'],
    ['Department of Health and Aged Care', 'Department of Health and Aged Care'],
    ['Ministry of Home Affairs and Public Administration', 'Ministry of Home Affairs and Public Administration'],
    ['Agriculture, Fisheries and Conservation Department', 'Agriculture, Fisheries and Conservation Department'],
  ])('has an «and» between names or inside one: %s', (names, units) => {
    const [list] = readGuideline(`1. Build the register.\nResponsible: ${names}\n`).lists;
    expect(list!.units.map(({ name }) => name).join(' · ')).toBe(units);
    expect(list!.unsure).toEqual([]);
  });

  it.each([
    ['Airports Authority and Canadian North', 'Airports Authority · Canadian North'],
    ['Department of Health and Contaminants Program', 'Department of Health · Contaminants Program'],
    ['Ministry of Health and Ambulance Service', 'Ministry of Health · Ambulance Service'],
    ['Ministry of Trade and Small Business Administration', 'Ministry of Trade · Small Business Administration'],
    ['Local Authorities and Údarás na Mara', 'Local Authorities · Údarás na Mara'],
    ['Museum and Library Service', 'Museum and Library Service'],
    ['Courts and Tribunals Service', 'Courts and Tribunals Service'],
    ['Police and Crime Commissioner', 'Police and Crime Commissioner'],
    ['Department of Rural Development and the Islands', 'Department of Rural Development and the Islands'],
  ])('is not certain what «and» does in %s', (names, units) => {
    const [list] = readGuideline(`1. Build the register.\nResponsible: ${names}\n`).lists;
    expect(list!.units.map(({ name }) => name).join(' · ')).toBe(units);
    expect(list!.unsure.map(({ code }) => code)).toEqual(['unit.and']);
  });

  it.each([
    ['Roads Board, Coastal Fire\nAuthority', 'Roads Board · Coastal Fire Authority'],
    ['Roads Board and Coastal\nRescue Service, Navy', 'Roads Board · Coastal Rescue Service · Navy'],
    ['Roads Board, Coastal Fire\n\n— 2 —\n\nAuthority', 'Roads Board · Coastal Fire Authority'],
    ['Ministry of\nWorks', 'Ministry of Works'],
    ['Roads Board\nThe Authority reports each year.', 'Roads Board'],
    ['Roads Board\nBuild the Coastal Service.', 'Roads Board'],
  ])('may break a name over lines: %j', (names, units) => {
    const [list] = readGuideline(`1. Build the register.\nResponsible: ${names}\nTiming: June 2026\n`).lists;
    expect(list!.units.map(({ name }) => name).join(' · ')).toBe(units);
  });
});

describe('an English sentence that says who does the work', () => {
  it.each([
    [
      'The Department of Forestry shall lead this action, supported by the Coast Guard and local councils, by 30 June 2026.',
      'l: Department of Forestry | s: the Coast Guard local councils | by 30 June 2026 = 2026-06-30',
    ],
    [
      'This action will be led by the Ministry of Health with support from the Ministry of Finance.',
      'l: Ministry of Health | s: Ministry of Finance',
    ],
    ['Led by city councils, with support from the Ministry of Works.', 'l: city councils | s: Ministry of Works'],
    ['Responsibility for this measure rests with the Ministry of Works.', 'r: Ministry of Works'],
    [
      'The Ministry of Works and the Roads Authority are jointly responsible for delivery of this\nproject.',
      'r: Ministry of Works the Roads Authority',
    ],
  ])('%s', (sentence, list) => {
    expect(listsIn(`1. Build jetties\n${sentence}\n`)).toEqual([list]);
  });

  it('stands in a lettered paragraph, and is not due when the one before is', () => {
    const text =
      '(a) Within 90 days of approval, the Secretary shall report.\n(b) The Ministry of Works shall lead implementation of this section, in coordination with the Roads Authority.\n';
    expect(listsIn(text)).toEqual(['l: Ministry of Works | s: the Roads Authority']);
  });

  it('is not certain where words run together', () => {
    expect(codesIn('1. Ban bags\nLead: Ministry of ForestrySupporting agencies: Coast Guard\n')).toContain('unit.run-together');
  });

  it('may say how, behind those who support', () => {
    const text = 'The Council of Mayors will lead this action, supported by NWA and the Chamber of Trade, with full coverage by May 2026.';
    expect(listsIn(`1. Ban bags\n${text}\n`)).toEqual(['l: Council of Mayors | s: NWA Chamber of Trade | by May 2026 = 2026-05-31']);
  });

  it('is not certain where somebody will do something with others', () => {
    const text =
      '1. Clear the reefs\nThe Fisheries Service, in collaboration with the Coast Guard, will carry out two campaigns each year.\n';
    expect(listsIn(text)[0]).toMatch('l: Fisheries Service | s: the Coast Guard');
    expect(codesIn(text)).toEqual(['sentence.prose']);
    expect(listsIn(`${text}Lead: Ministry of Ports\n`)).toEqual(['l: Ministry of Ports']);
  });

  it('is not certain where it speaks of other work', () => {
    const text = 'The Ministry of Health will lead the review of fees, supported by the Ministry of Finance.';
    expect(codesIn(text)).toEqual(['sentence.prose']);
  });

  it.each([
    'Section 12. A District Commissioner shall lead the district committee by 31 March.',
    'The Minister for Environment has lead responsibility for promoting the goals.',
    'The Chair thanked the Ministry of Finance for leading the discussion.',
    'The Ministry of Health has led reform for decades, and communities have supported it.',
    'The campaign was led by the Ministry of Health in 2019.',
    'Action: Publish the risk maps.',
    'Led by councils and communities, the reform went on.',
    'Led by councils, with support from many, it grew.',
    'Train staff of the MWP (Ministry of Works and Planning).',
    'Encourage employers (see Annex 2).',
    'Responsible tourism brings jobs to the Ministry of Tourism.',
  ])('%s names nobody', (sentence) => {
    expect(listsIn(sentence)).toEqual([]);
  });
});
