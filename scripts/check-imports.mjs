// Checks the import rules of import-rules.mjs: `node scripts/check-imports.mjs [folder]`. Prints each violation, exit 1.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { parseSync } from '@swc/core';
import {
  FOLDERS,
  GATES,
  IMPURE_CRYPTO,
  IMPURE_GLOBALS,
  PARTS,
  PURE,
  PURE_MODULES,
  PURE_NEIGHBOURS,
  README_FOLDERS,
  ROOMS,
  STARTS,
} from './import-rules.mjs';

const isOneOf = (patterns, file) => patterns.some((pattern) => pattern.test(file));
const isInside = (file, folder) => file === folder || file.startsWith(`${folder}/`);

/** Files of code below a folder, as paths from the root with `/`. */
function codeBelow(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mts|cts|js|mjs|cjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.split('/').includes('node_modules'))
    .sort();
}

/** Calls `see` for every node of a syntax tree. */
function walk(node, see) {
  if (Array.isArray(node)) for (const item of node) walk(item, see);
  else if (typeof node === 'object' && node !== null) {
    if (typeof node.type === 'string') see(node);
    for (const value of Object.values(node)) if (typeof value === 'object') walk(value, see);
  }
}

function importedNames(node) {
  return (node.specifiers ?? []).map((specifier) => {
    if (specifier.type === 'ImportDefaultSpecifier') return 'default';
    if (specifier.type === 'ImportNamespaceSpecifier' || specifier.type === 'ExportNamespaceSpecifier')
      return '*';
    return (specifier.imported ?? specifier.orig ?? specifier.local).value;
  });
}

/**
 * One import of a file, or undefined where the node is none. `import { type X }` counts as a value import: with
 * verbatimModuleSyntax the module is still loaded.
 */
function importOf(node) {
  if (
    node.type === 'ImportDeclaration' ||
    node.type === 'ExportAllDeclaration' ||
    (node.type === 'ExportNamedDeclaration' && node.source)
  ) {
    const names = node.type === 'ExportAllDeclaration' ? ['*'] : importedNames(node);
    return { from: node.source.value, typeOnly: node.typeOnly === true, names };
  }
  if (node.type === 'TsImportType') return { from: node.argument.value, typeOnly: true, names: [] };
  if (node.type === 'TsImportEqualsDeclaration' && node.moduleRef.type === 'TsExternalModuleReference') {
    return { from: node.moduleRef.expression.value, typeOnly: node.isTypeOnly === true, names: ['*'] };
  }
  const isCall =
    node.type === 'CallExpression' &&
    (node.callee.type === 'Import' || (node.callee.type === 'Identifier' && node.callee.value === 'require'));
  if (!isCall) return undefined;
  const argument = node.arguments[0]?.expression;
  return {
    from: argument?.type === 'StringLiteral' ? argument.value : undefined,
    typeOnly: false,
    names: ['*'],
  };
}

/** What a pure file must not name: `Date.now`, `new Date()`, `Math.random` and globals that reach outside. */
function impureUse(node) {
  if (node.type === 'NewExpression' && node.callee.value === 'Date' && (node.arguments ?? []).length === 0)
    return 'new Date()';
  if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.value === 'Date')
    return 'Date()';
  if (node.type !== 'MemberExpression' && node.type !== 'CallExpression') return undefined;
  const base = node.type === 'MemberExpression' ? node.object : node.callee;
  if (base.type !== 'Identifier') return undefined;
  if (IMPURE_GLOBALS.includes(base.value)) return base.value;
  const property = node.type === 'MemberExpression' ? (node.property.value ?? '') : '';
  return ['Date.now', 'Math.random'].includes(`${base.value}.${property}`)
    ? `${base.value}.${property}`
    : undefined;
}

/** The file that a relative import means, as a path from the root: `./x.js` is `x.ts` where that exists. */
function target(root, file, from) {
  const path = posix.normalize(posix.join(dirname(file), from));
  const candidates = [path.replace(/\.([mc]?)js$/, '.$1ts'), path];
  return candidates.find(
    (candidate) => existsSync(join(root, candidate)) && statSync(join(root, candidate)).isFile(),
  );
}

function readFileImports(root, file, tell) {
  let tree;
  try {
    const syntax = /\.[mc]?ts$/.test(file) ? { syntax: 'typescript' } : { syntax: 'ecmascript' };
    tree = parseSync(readFileSync(join(root, file), 'utf8'), { ...syntax, target: 'es2022' });
  } catch {
    tell(file, 'cannot be parsed');
    return [];
  }
  const imports = [];
  walk(tree.body, (node) => {
    const found = importOf(node);
    if (found !== undefined) imports.push(found);
    const impure = isOneOf(PURE, file) ? impureUse(node) : undefined;
    if (impure !== undefined) tell(file, `is pure and must not use ${impure}`);
  });
  return imports.flatMap((found) => {
    if (found.from === undefined) {
      tell(file, 'has an import whose name is not written out: it cannot be checked');
      return [];
    }
    if (!found.from.startsWith('.')) return [{ ...found, module: found.from }];
    const to = target(root, file, found.from);
    if (to === undefined) tell(file, `imports ${found.from}, which does not exist`);
    return to === undefined ? [] : [{ ...found, to }];
  });
}

/** `src/kps/port.ts` → `kps`; undefined for files directly in src/ and outside of it. */
function roomOf(file) {
  const [folder, room, rest] = file.split('/');
  return folder === 'src' && rest !== undefined ? room : undefined;
}

function checkRoom(file, { to, typeOnly }, tell) {
  const room = roomOf(file);
  const other = roomOf(to);
  const rule = ROOMS[room];
  if (room === undefined || room === other || rule?.everything === true) return;
  if (other === undefined) {
    tell(file, `must not import ${to}: files directly in src/ know the rooms, not the other way round`);
    return;
  }
  if (rule === undefined) return;
  const matches = (names) => names.some((name) => name === other || to === `src/${name}.ts`);
  if (matches(rule.value) || (typeOnly && matches(rule.type))) return;
  tell(
    file,
    matches(rule.type)
      ? `may import ${to} only as \`import type\``
      : `must not import ${to}: ${room} may not know ${other}`,
  );
}

/** The starts run when they are loaded or start the whole house: only the command line and free folders load them. */
function checkStart(file, to, tell) {
  const isFree = FOLDERS[file.split('/')[0]] === true || ROOMS[roomOf(file)]?.everything === true;
  if (STARTS.includes(to) && !isFree) tell(file, `must not import ${to}: nobody imports a start`);
}

function checkFolder(file, to, tell) {
  if (GATES[file]?.includes(to)) return;
  const part = Object.keys(PARTS).find((name) => isInside(file, name));
  const folder = part ?? file.split('/')[0];
  const allowed = PARTS[folder] ?? FOLDERS[folder];
  const closed = Object.keys(PARTS).find((name) => isInside(to, name) && !isInside(file, name));
  if (closed !== undefined && allowed !== true) tell(file, `must not import ${to}: nobody imports ${closed}`);
  if (allowed === true || isInside(to, folder) || allowed.some((name) => isInside(to, name))) return;
  tell(file, `must not import ${to}: ${folder} may import ${['itself', ...allowed].join(', ')} only`);
}

function checkPure(file, found, tell) {
  if (!isOneOf(PURE, file) || found.typeOnly) return;
  if (found.module !== undefined) {
    if (!PURE_MODULES.includes(found.module)) tell(file, `is pure and must not import ${found.module}`);
    const impure =
      found.module === 'node:crypto' ? found.names.filter((name) => IMPURE_CRYPTO.test(name)) : [];
    for (const name of impure) tell(file, `is pure and must not import ${name} of node:crypto`);
  } else if (!isOneOf(PURE, found.to) && !isOneOf(PURE_NEIGHBOURS, found.to)) {
    tell(file, `is pure and must not import ${found.to}, which is not`);
  }
}

function checkModules(file, found, tell) {
  const modules = ROOMS[roomOf(file)]?.modules;
  if (modules === undefined || found.module === undefined || found.typeOnly || modules.includes(found.module))
    return;
  tell(
    file,
    `must not import ${found.module}: ${roomOf(file)} may import ${modules.join(', ') || 'no module'} from outside`,
  );
}

/** Every circle once, from its first file in alphabetical order of discovery. */
function checkCircles(graph, tell) {
  const state = new Map();
  const path = [];
  const visit = (file) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      tell(file, `is in a circle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
      return;
    }
    state.set(file, 'open');
    path.push(file);
    for (const to of [...(graph.get(file) ?? [])].sort()) visit(to);
    path.pop();
    state.set(file, 'done');
  };
  for (const file of [...graph.keys()].sort()) visit(file);
}

function checkReadmes(root, tell) {
  const rooms = existsSync(join(root, 'src'))
    ? readdirSync(join(root, 'src'), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : [];
  for (const room of rooms)
    if (ROOMS[room] === undefined) tell(`src/${room}`, 'has no row in scripts/import-rules.mjs');
  for (const folder of [...rooms.map((room) => `src/${room}`), ...README_FOLDERS]) {
    if (existsSync(join(root, folder)) && !existsSync(join(root, folder, 'README.md')))
      tell(folder, 'has no README.md');
  }
}

/** All violations below `root`, sorted, each once. */
function checkImports(root) {
  const violations = new Set();
  const tell = (file, what) => violations.add(`${file}: ${what}`);
  const graph = new Map();
  let files = 0;
  for (const folder of Object.keys(FOLDERS)) {
    for (const file of codeBelow(root, folder)) {
      files += 1;
      const imports = readFileImports(root, file, tell);
      for (const found of imports) {
        checkModules(file, found, tell);
        checkPure(file, found, tell);
        if (found.to === undefined) continue;
        checkStart(file, found.to, tell);
        checkFolder(file, found.to, tell);
        if (isInside(file, 'src') && isInside(found.to, 'src')) checkRoom(file, found, tell);
      }
      if (isInside(file, 'src'))
        graph.set(file, new Set(imports.flatMap(({ to }) => (to === undefined ? [] : [to]))));
    }
  }
  checkCircles(graph, tell);
  checkReadmes(root, tell);
  return { files, violations: [...violations].sort() };
}

const { files, violations } = checkImports(resolve(process.argv[2] ?? '.'));
for (const violation of violations) console.error(violation);
if (files === 0) console.error('no files found: wrong folder?');
console.log(`${files} files, ${violations.length} violations of the import rules`);
process.exitCode = files === 0 || violations.length > 0 ? 1 : 0;
