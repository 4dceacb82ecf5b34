import { languageOf, sentence, type SentenceCode, sentences } from './sentences.js';

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe('every sentence', () => {
  it.each(Object.entries(sentences))('%s is there in both languages, with the same placeholders', (_code, { zh, en }) => {
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).not.toMatch(/\p{Script=Han}/u);
    expect([...new Set(placeholders(zh))]).toEqual([...new Set(placeholders(en))]);
  });

  it.each(Object.keys(sentences))('%s is named noun.reason', (code) => expect(code).toMatch(/^[a-z]+(\.[a-z]+(-[a-z]+)*)$/));
});

describe('filling in a sentence', () => {
  const code: SentenceCode = 'postgres.port-taken';

  it('puts the details where the placeholders are', () => {
    expect(sentence(code, { port: 5432 }, 'en')).toContain('Port 5432 is taken');
    expect(sentence(code, { port: 5432 }, 'zh')).toContain('端口 5432 已被');
  });

  it('takes a detail as it is, with signs that mean something to replace()', () =>
    expect(sentence('postgres.disk-full', { dir: '/a/$&/$1' }, 'en')).toContain('/a/$&/$1'));

  it('leaves a placeholder without a detail visible', () => expect(sentence(code, {}, 'en')).toContain('{port}'));
});

describe('the language', () => {
  it.each([
    [{}, 'zh'],
    [{ LANG: 'C.UTF-8' }, 'zh'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'en_US.UTF-8' }, 'en'],
    [{ LANG: 'en_US.UTF-8', DUBAN_LANG: 'zh' }, 'zh'],
    [{ DUBAN_LANG: 'en' }, 'en'],
    [{ LANG: 'en_US.UTF-8', DUBAN_LANG: '' }, 'en'],
  ] as const)('of %j is %s', (env, language) => expect(languageOf(env)).toBe(language));
});
