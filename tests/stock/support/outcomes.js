'use strict';

// A reporter of Node's test runner for features.js: one JSON line for each test of a suite that is named
// "subject: language".
const SUITE = /^(.+): (.+)$/;

module.exports = async function* outcomes(source) {
  const open = []; // The names of the tests that have started, by nesting.
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      open.length = data.nesting;
      open.push(data.name);
    } else if (type === 'test:pass' || type === 'test:fail') {
      const suite = data.nesting > 0 && SUITE.exec(open[data.nesting - 1]);
      if (!suite) continue;
      const [, subject, language] = suite;
      yield `${JSON.stringify({ subject, language, feature: data.name, ok: type === 'test:pass' })}\n`;
    }
  }
};
