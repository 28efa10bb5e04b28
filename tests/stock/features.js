#!/usr/bin/env node
'use strict';

// Makes the table of languages and features, in Markdown, of what the tests of this folder have written.
// What a library does not offer is in application/features.json.
//
// Usage: features.js FOLDER    (build/release/tests/stock/results)
// Exit codes: 0 written to standard output, 2 wrong usage.
const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const { notOffered } = require('./application/features.json');

/** subject -> feature -> language -> whether its test has passed. */
function readOutcomes(folder) {
  const subjects = new Map();
  const entry = (map, key) => {
    if (!map.has(key)) map.set(key, new Map());
    return map.get(key);
  };
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.jsonl')).sort()) {
    for (const line of readFileSync(path.join(folder, name), 'utf8').split('\n').filter(Boolean)) {
      const { subject, language, feature, ok } = JSON.parse(line);
      entry(entry(subjects, subject), feature).set(language, ok);
    }
  }
  return subjects;
}

function cell(feature, language, ok) {
  if (ok !== undefined) return ok ? 'yes' : '**fails**';
  return notOffered[language]?.[feature] ?? '';
}

function table(subject, features) {
  const languages = [...new Set([...features.values()].flatMap((each) => [...each.keys()]))].sort();
  const rows = [...features].map(([feature, outcomes]) =>
    [feature, ...languages.map((language) => cell(feature, language, outcomes.get(language)))]);
  const lines = [[subject, ...languages], languages.concat('').map(() => '---'), ...rows];
  return lines.map((columns) => `| ${columns.join(' | ')} |`).join('\n');
}

if (process.argv.length !== 3) {
  console.error('usage: features.js FOLDER');
  process.exit(2);
}
const tables = [...readOutcomes(process.argv[2])].map(([subject, features]) => table(subject, features));
console.log(tables.join('\n\n'));
