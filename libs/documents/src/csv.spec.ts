import { csvText } from './csv.js';

const textOf = (csv: string) => csvText(Buffer.from(csv)).text;

describe('comma-separated values', () => {
  it.each([
    ['commas', '序号,任务\n1,建设\n', '序号\t任务\n1\t建设\n'],
    ['semicolons', 'a;"b,c"\r\n1;2', 'a\tb,c\n1\t2\n'],
    ['tabs', 'a\tb\n1\t2\n', 'a\tb\n1\t2\n'],
    ['quotes', '任务,牵头单位\n"说""好""的","省财政厅\n省科技厅"\n', '任务\t牵头单位\n说"好"的\t省财政厅；省科技厅\n'],
    ['a quote that never closes', 'a,"b\nc', 'a\tb c\n'],
    ['a title above the table', '分工表,,\na,b,c\n', '分工表\na\tb\tc\n'],
    ['empty cells and rows', 'a,,c\n,,\n,x,\n', 'a\t\tc\n\tx\t\n'],
  ])('with %s become rows with tabs', (_, csv, text) => {
    expect(textOf(csv)).toBe(text);
  });

  it('say which row they come from', () => {
    expect(csvText(Buffer.from('a,b\n\nc,d')).places).toEqual([
      { at: 0, row: 1 },
      { at: 4, row: 3 },
    ]);
  });
});
