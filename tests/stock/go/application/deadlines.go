package main

import (
	"context"
	"errors"
	"time"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-protos-go-apiv2/gateway"
	"github.com/hyperledger/fabric-protos-go-apiv2/msp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

var deadlineChecks = []check{
	{"evaluate has a deadline", evaluateDeadline},
	{"evaluate is cancelled", evaluateCancelled},
	{"the timeout of evaluate", evaluateTimeout},
	{"the timeout of endorse", endorseTimeout},
	{"the timeout of submit", submitTimeout},
	{"the timeout of the commit status", commitStatusTimeout},
	{"submit with a deadline for all of it", submitDeadline},
	{"event streams have a deadline", eventsDeadline},
	{"closing the gateway ends its calls", closeEnds},
}

const short = 300 * time.Millisecond

// endedAtOnce opens every kind of stream, each of which has to end without an event.
func endedAtOnce(network *client.Network, chaincode string) (any, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	events, err := network.ChaincodeEvents(ctx, chaincode, client.WithStartBlock(0))
	if err != nil {
		return nil, err
	}
	if event, open := <-events; open {
		return event.EventName, errors.New("an event arrived")
	}
	blocks, err := network.BlockEvents(ctx, client.WithStartBlock(0))
	if err != nil {
		return nil, err
	}
	if block, open := <-blocks; open {
		return block.GetHeader().GetNumber(), errors.New("a block arrived")
	}
	return nil, nil
}

func evaluateDeadline(app *application) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), short)
	defer cancel()
	_, err := app.contract.EvaluateWithContext(ctx, "hold")
	return failed(err, "error", codes.DeadlineExceeded, "")
}

func evaluateCancelled(app *application) (any, error) {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(short, cancel)
	_, err := app.contract.EvaluateWithContext(ctx, "hold")
	return failed(err, "error", codes.Canceled, "")
}

func evaluateTimeout(app *application) (any, error) {
	contract, closeGateway, err := app.contractAs(app.user, client.WithEvaluateTimeout(short))
	if err != nil {
		return nil, err
	}
	defer closeGateway()
	_, err = contract.EvaluateTransaction("hold")
	return failed(err, "error", codes.DeadlineExceeded, "")
}

func endorseTimeout(app *application) (any, error) {
	contract, closeGateway, err := app.contractAs(app.user, client.WithEndorseTimeout(short))
	if err != nil {
		return nil, err
	}
	defer closeGateway()
	_, err = contract.SubmitTransaction("hold")
	return failed(err, "EndorseError", codes.DeadlineExceeded, "")
}

// submitTimeout leaves no time at all: a submit is over as soon as the transaction is ordered.
func submitTimeout(app *application) (any, error) {
	contract, closeGateway, err := app.contractAs(app.user, client.WithSubmitTimeout(time.Nanosecond))
	if err != nil {
		return nil, err
	}
	defer closeGateway()
	_, err = contract.SubmitTransaction("put", "late", "v")
	return failed(err, "SubmitError", codes.DeadlineExceeded, "")
}

// commitStatusTimeout asks for a transaction that nobody submits.
func commitStatusTimeout(app *application) (any, error) {
	gateway, err := app.connectAs(app.user, client.WithCommitStatusTimeout(short))
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	commit, err := commitOf(app, gateway, "0123456789abcdef")
	if err != nil {
		return nil, err
	}
	_, err = commit.Status()
	saw, err := failed(err, "CommitStatusError", codes.DeadlineExceeded, "")
	return saw, errors.Join(err, equal(saw.TransactionID, commit.TransactionID()))
}

// commitOf makes the request for the status of a transaction that this application has not submitted.
func commitOf(app *application, through *client.Gateway, transactionID string) (*client.Commit, error) {
	creator, err := proto.Marshal(
		&msp.SerializedIdentity{Mspid: app.user.id.MspID(), IdBytes: app.user.id.Credentials()})
	if err != nil {
		return nil, err
	}
	request, err := proto.Marshal(&gateway.CommitStatusRequest{
		ChannelId: app.network.Name(), TransactionId: transactionID, Identity: creator,
	})
	if err != nil {
		return nil, err
	}
	signed, err := proto.Marshal(&gateway.SignedCommitStatusRequest{Request: request})
	if err != nil {
		return nil, err
	}
	return through.NewCommit(signed)
}

func submitDeadline(app *application) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if _, err := app.contract.SubmitWithContext(ctx, "put", client.WithArguments("timely", "v")); err != nil {
		return nil, err
	}
	ctx, cancel = context.WithTimeout(context.Background(), short)
	defer cancel()
	_, err := app.contract.SubmitWithContext(ctx, "hold")
	return failed(err, "EndorseError", codes.DeadlineExceeded, "")
}

func closeEnds(app *application) (any, error) {
	contract, closeGateway, err := app.contractAs(app.user)
	if err != nil {
		return nil, err
	}
	time.AfterFunc(short, closeGateway)
	_, err = contract.EvaluateTransaction("hold")
	return failed(err, "error", codes.Canceled, "")
}

func eventsDeadline(app *application) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), short)
	defer cancel()
	events, err := app.network.ChaincodeEvents(ctx, app.contract.ChaincodeName())
	if err != nil {
		return nil, err
	}
	blocks, err := app.network.BlockEvents(ctx)
	if err != nil {
		return nil, err
	}
	return nil, errors.Join(ended(events), ended(blocks))
}
