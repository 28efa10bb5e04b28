'use strict';

// An application on the stock client library of Fabric Gateway that does everything that the library
// offers. It prints one JSON line for each check of ../application/features.json and ends with status 1
// if one has failed. The variables that say where and as whom are those of the applications of
// fabric-samples. Both chaincodes of ../go run on the channel, and nobody else uses it.
const { Application } = require('./application');

const CHECKS = [
  ...require('./transactions'),
  ...require('./offline'),
  ...require('./events'),
  ...require('./blocks'),
  ...require('./errors'),
  ...require('./deadlines'),
  ...require('./ledger'),
  ...require('./connections'),
];
const MINUTE_MS = 60_000;

/** Gives a check that hangs one minute. */
async function perform(application, [check, run]) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('it has not ended within a minute')), MINUTE_MS);
  });
  try {
    return { check, ok: true, saw: (await Promise.race([run(application), late])) ?? null };
  } catch (error) {
    return { check, ok: false, saw: error.actual ?? null, error: error.message };
  } finally {
    clearTimeout(timer);
  }
}

async function main() {
  const application = await Application.connect(process.env);
  for (const check of CHECKS) {
    const outcome = await perform(application, check);
    if (!outcome.ok) process.exitCode = 1;
    console.log(JSON.stringify(outcome));
  }
  application.close();
}

main();
