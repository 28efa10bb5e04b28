package main

import (
	"encoding/hex"
	"errors"
	"strconv"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/protobuf/proto"
)

// ledgerChecks ask the system chaincode that reads the ledger, as a REST server of fabric-samples does.
var ledgerChecks = []check{
	{"qscc: GetChainInfo", chainInfo},
	{"qscc: GetBlockByNumber", blockByNumber},
	{"qscc: GetBlockByTxID", blockByTransactionID},
	{"qscc: GetTransactionByID", transactionByID},
}

func (app *application) qscc(function, argument string, into proto.Message) error {
	args := []string{app.network.Name()}
	if argument != "" {
		args = append(args, argument)
	}
	result, err := app.network.GetContract("qscc").Evaluate(function, client.WithArguments(args...))
	if err != nil {
		return err
	}
	return proto.Unmarshal(result, into)
}

func chainInfo(app *application) (any, error) {
	status, err := emitted(app, "chain info")
	if err != nil {
		return nil, err
	}
	info := &common.BlockchainInfo{}
	if err := app.qscc("GetChainInfo", "", info); err != nil {
		return nil, err
	}
	block := &common.Block{}
	if err := app.qscc("GetBlockByNumber", strconv.FormatUint(info.GetHeight()-1, 10), block); err != nil {
		return nil, err
	}
	hash, err := hashOf(block.GetHeader())
	if err != nil {
		return nil, err
	}
	return nil, errors.Join(
		equal(info.GetHeight(), status.BlockNumber+1),
		equal(hex.EncodeToString(info.GetCurrentBlockHash()), hex.EncodeToString(hash)))
}

func blockByNumber(app *application) (any, error) {
	block := &common.Block{}
	if err := app.qscc("GetBlockByNumber", "1", block); err != nil {
		return nil, err
	}
	return block.GetHeader().GetNumber(), equal(block.GetHeader().GetNumber(), uint64(1))
}

func blockByTransactionID(app *application) (any, error) {
	status, err := emitted(app, "block by id")
	if err != nil {
		return nil, err
	}
	block := &common.Block{}
	if err := app.qscc("GetBlockByTxID", status.TransactionID, block); err != nil {
		return nil, err
	}
	return nil, equal(block.GetHeader().GetNumber(), status.BlockNumber)
}

func transactionByID(app *application) (any, error) {
	status, err := emitted(app, "transaction by id")
	if err != nil {
		return nil, err
	}
	processed := &peer.ProcessedTransaction{}
	if err := app.qscc("GetTransactionByID", status.TransactionID, processed); err != nil {
		return nil, err
	}
	payload := &common.Payload{}
	if err := proto.Unmarshal(processed.GetTransactionEnvelope().GetPayload(), payload); err != nil {
		return nil, err
	}
	header := &common.ChannelHeader{}
	if err := proto.Unmarshal(payload.GetHeader().GetChannelHeader(), header); err != nil {
		return nil, err
	}
	return processed.GetValidationCode(), errors.Join(
		equal(header.GetTxId(), status.TransactionID), equal(processed.GetValidationCode(), int32(0)))
}
