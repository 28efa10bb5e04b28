'use strict';

const { connect } = require('@hyperledger/fabric-gateway');

const { equal, text } = require('./expect');

const creatorOf = async (contract) => JSON.parse(text(await contract.evaluateTransaction('client'))).mspId;

module.exports = [
  ['two identities over one connection', (application) =>
    application.as(application.other, {}, async (contract) => {
      const saw = [];
      for (const each of [application.contract, contract, application.contract]) {
        saw.push(await creatorOf(each));
      }
      const [mine, theirs] = [application.user, application.other].map(({ identity }) => identity.mspId);
      return equal(saw, [mine, theirs, mine]);
    })],

  ['a gateway without a connection is refused', ({ user }) => {
    try {
      connect({ ...user });
    } catch (error) {
      return error.message;
    }
    throw new Error('it is not');
  }],
];
