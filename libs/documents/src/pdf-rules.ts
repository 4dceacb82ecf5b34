import { OPS, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

export type Matrix = readonly [number, number, number, number, number, number];
/** A straight line on a page; exactly upright or level, `from` before `to`. */
export type Rule = { upright: boolean; at: number; from: number; to: number };

/** A filled area no thicker than this draws a line. */
const THICKEST = 3.5;
const SHORTEST = 4;
const MOST = 20_000;
const STROKES = new Set<number>([
  OPS.stroke,
  OPS.closeStroke,
  OPS.fillStroke,
  OPS.eoFillStroke,
  OPS.closeFillStroke,
  OPS.closeEOFillStroke,
]);
const FILLS = new Set<number>([OPS.fill, OPS.eoFill, OPS.fillStroke, OPS.eoFillStroke, OPS.closeFillStroke, OPS.closeEOFillStroke]);
/** How many numbers follow each step of a path: move, line, curve, quadratic curve, close. */
const STEPS = [2, 2, 6, 4, 0];

export const times = (m: Matrix, n: Matrix): Matrix => [
  m[0] * n[0] + m[2] * n[1],
  m[1] * n[0] + m[3] * n[1],
  m[0] * n[2] + m[2] * n[3],
  m[1] * n[2] + m[3] * n[3],
  m[0] * n[4] + m[2] * n[5] + m[4],
  m[1] * n[4] + m[3] * n[5] + m[5],
];

/** The lines drawn on a page, which are what shows its tables. */
export async function rulesOf(page: PDFPageProxy, toReader: Matrix): Promise<Rule[]> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const rules: Rule[] = [];
  const kept: Matrix[] = [];
  let matrix = toReader;
  for (const [i, operator] of fnArray.entries()) {
    const args = argsArray[i] as unknown[] | null;
    if (operator === OPS.save) kept.push(matrix);
    else if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd) matrix = kept.pop() ?? matrix;
    else if (operator === OPS.transform) matrix = times(matrix, args as unknown as Matrix);
    else if (operator === OPS.paintFormXObjectBegin) {
      kept.push(matrix);
      if (args?.[0]) matrix = times(matrix, args[0] as Matrix);
    } else if (operator === OPS.constructPath && args) {
      const [painting, [path]] = args as [number, [Float32Array | null]];
      if (path) addPath(path, painting, matrix, rules);
      if (rules.length > MOST) return [];
    }
  }
  return rules;
}

function addPath(path: Float32Array, painting: number, matrix: Matrix, rules: Rule[]): void {
  let points: [number, number][] = [];
  const end = () => {
    if (FILLS.has(painting)) addArea(points, rules);
    points = [];
  };
  for (let i = 0; i < path.length;) {
    const step = path[i]!;
    const length = STEPS[step];
    if (length === undefined) return;
    if (step === 0) end();
    const before = points.at(-1);
    const point: [number, number] | undefined = step === 4 ? points[0] : applied(matrix, path[i + length - 1]!, path[i + length]!);
    if (before && point && (step === 1 || step === 4) && STROKES.has(painting)) addSegment(before, point, rules);
    if (point && step !== 4) points.push(point);
    i += length + 1;
  }
  end();
}

const applied = (m: Matrix, x: number, y: number): [number, number] => [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]];

function addSegment([x0, y0]: [number, number], [x1, y1]: [number, number], rules: Rule[]): void {
  const [dx, dy] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  if (dx >= SHORTEST && dy < 1) rules.push({ upright: false, at: (y0 + y1) / 2, from: Math.min(x0, x1), to: Math.max(x0, x1) });
  if (dy >= SHORTEST && dx < 1) rules.push({ upright: true, at: (x0 + x1) / 2, from: Math.min(y0, y1), to: Math.max(y0, y1) });
}

function addArea(points: readonly [number, number][], rules: Rule[]): void {
  if (points.length < 2) return;
  const [left, right] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))];
  const [top, bottom] = [Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y))];
  const [width, height] = [right - left, bottom - top];
  if (height < THICKEST && width >= SHORTEST && width > height)
    rules.push({ upright: false, at: (top + bottom) / 2, from: left, to: right });
  else if (width < THICKEST && height >= SHORTEST) rules.push({ upright: true, at: (left + right) / 2, from: top, to: bottom });
}
