'use strict';

const path = require('node:path');

const MAIN = {
  contract: 'ccbus.example.stock.contract.Main',
  assets: 'org.hyperledger.fabric.contract.ContractRouter',
  application: 'ccbus.example.stock.application.Main',
};

/** Small, and quickly started: the tests start many, and none of them for long. */
const OPTIONS = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** The folder of a program that the test stock_java_build has built. */
function javaProgram(name) {
  const folder = process.env.STOCK_JAVA_PROGRAMS;
  if (!folder) throw new Error('STOCK_JAVA_PROGRAMS is not set');
  return path.resolve(folder, name);
}

/** How a program of tests/stock/java is started; further options of the JVM are in STOCK_JAVA_OPTIONS. */
function javaCommand(name) {
  const folder = javaProgram(name);
  const further = process.env.STOCK_JAVA_OPTIONS?.split(' ') ?? [];
  return {
    command: process.env.JAVA ?? 'java',
    args: [
      ...OPTIONS, `-XX:SharedArchiveFile=${folder}/classes.jsa`, ...further,
      '-cp', `${folder}/program.jar:${folder}/lib/*`, MAIN[name],
    ],
  };
}

module.exports = { javaCommand, javaProgram };
