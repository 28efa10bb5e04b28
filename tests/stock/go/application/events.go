package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"google.golang.org/grpc"
)

var chaincodeEventChecks = []check{
	{"chaincode events from now on", eventsFromNow},
	{"chaincode events from a block on", eventsFromBlock},
	{"chaincode events after a checkpoint in memory", eventsAfterCheckpoint},
	{"chaincode events after a checkpoint in a file", eventsAfterFileCheckpoint},
	{"chaincode events of this chaincode only", eventsOfOneChaincode},
	{"chaincode events end when they are closed", eventsEnd},
}

// next receives from a stream, which must not have ended.
func next[T any](stream <-chan T) (T, error) {
	select {
	case received, open := <-stream:
		if !open {
			return received, errors.New("the stream has ended")
		}
		return received, nil
	case <-time.After(20 * time.Second):
		var none T
		return none, errors.New("nothing was received for 20 s")
	}
}

// ended waits until a stream has ended.
func ended[T any](stream <-chan T) error {
	deadline := time.After(20 * time.Second)
	for {
		select {
		case _, open := <-stream:
			if !open {
				return nil
			}
		case <-deadline:
			return errors.New("the stream has not ended for 20 s")
		}
	}
}

// firstOf opens a stream, looks at what comes first, and cancels it.
func firstOf[T any](
	open func(context.Context, ...grpc.CallOption) (<-chan T, error), look func(T) (any, error),
) (any, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := open(ctx)
	if err != nil {
		return nil, err
	}
	received, err := next(stream)
	if err != nil {
		return nil, err
	}
	return look(received)
}

// emitted submits a transaction with an event, and returns its id and block.
func emitted(app *application, name string) (*client.Status, error) {
	_, commit, err := app.contract.SubmitAsync("emit", client.WithArguments(name))
	if err != nil {
		return nil, err
	}
	return commit.Status()
}

func summary(event *client.ChaincodeEvent) string {
	return fmt.Sprintf("%s: %s", event.EventName, event.Payload)
}

// eventsFromNow submits until an event arrives: the library does not say from when on the stream counts.
func eventsFromNow(app *application) (any, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := app.network.ChaincodeEvents(ctx, app.contract.ChaincodeName())
	if err != nil {
		return nil, err
	}
	for range 100 {
		if _, err := emitted(app, "now"); err != nil {
			return nil, err
		}
		select {
		case event := <-stream:
			return summary(event), equal(summary(event), "now: about now")
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil, errors.New("no event arrived")
}

func eventsFromBlock(app *application) (any, error) {
	first, err := emitted(app, "first")
	if err != nil {
		return nil, err
	}
	if _, err := emitted(app, "second"); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := app.network.ChaincodeEvents(
		ctx, app.contract.ChaincodeName(), client.WithStartBlock(first.BlockNumber))
	if err != nil {
		return nil, err
	}
	saw := []string{}
	for _, name := range []string{"first", "second", "third"} {
		if name == "third" { // Committed while the stream is open.
			if _, err := emitted(app, name); err != nil {
				return saw, err
			}
		}
		event, err := next(stream)
		if err != nil {
			return saw, err
		}
		saw = append(saw, summary(event))
		if len(saw) == 1 && (event.TransactionID != first.TransactionID ||
			event.BlockNumber != first.BlockNumber) {
			return saw, errors.New("the event has another transaction or block")
		}
	}
	return saw, equal(saw, []string{"first: about first", "second: about second", "third: about third"})
}

// checkpointer is either of the library's two.
type checkpointer interface {
	client.Checkpoint
	checkpoint(event *client.ChaincodeEvent) error
}

type inMemory struct{ client.InMemoryCheckpointer }

func (memory *inMemory) checkpoint(event *client.ChaincodeEvent) error {
	memory.CheckpointChaincodeEvent(event)
	return nil
}

type inFile struct{ *client.FileCheckpointer }

func (file inFile) checkpoint(event *client.ChaincodeEvent) error {
	return file.CheckpointChaincodeEvent(event)
}

func eventsAfterCheckpoint(app *application) (any, error) {
	memory := &inMemory{}
	return resumed(app, memory, func() (client.Checkpoint, error) { return memory, nil })
}

// eventsAfterFileCheckpoint closes the file and opens it once more before it goes on.
func eventsAfterFileCheckpoint(app *application) (any, error) {
	folder, err := os.MkdirTemp("", "application-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	name := filepath.Join(folder, "checkpoint")
	file, err := client.NewFileCheckpointer(name)
	if err != nil {
		return nil, err
	}
	return resumed(app, inFile{file}, func() (client.Checkpoint, error) {
		if err := errors.Join(file.Sync(), file.Close()); err != nil {
			return nil, err
		}
		return client.NewFileCheckpointer(name)
	})
}

// resumed reads the first of three events, and goes on after the checkpoint at the second one.
func resumed(
	app *application, at checkpointer, reopened func() (client.Checkpoint, error),
) (any, error) {
	first, err := emitted(app, "one")
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"two", "three"} {
		if _, err := emitted(app, name); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	chaincode := app.contract.ChaincodeName()
	stream, err := app.network.ChaincodeEvents(
		ctx, chaincode, client.WithStartBlock(first.BlockNumber), client.WithCheckpoint(at))
	if err != nil {
		return nil, err
	}
	for range 2 {
		event, err := next(stream)
		if err != nil {
			return nil, err
		}
		if err := at.checkpoint(event); err != nil {
			return nil, err
		}
	}
	cancel()
	checkpoint, err := reopened()
	if err != nil {
		return nil, err
	}
	ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	if stream, err = app.network.ChaincodeEvents(ctx, chaincode, client.WithCheckpoint(checkpoint)); err != nil {
		return nil, err
	}
	event, err := next(stream)
	if err != nil {
		return nil, err
	}
	return summary(event), equal(summary(event), "three: about three")
}

func eventsOfOneChaincode(app *application) (any, error) {
	_, commit, err := app.assets.SubmitAsync(
		"CreateAsset", client.WithArguments("event", "red", "3", "ann", "7"))
	if err != nil {
		return nil, err
	}
	status, err := commit.Status()
	if err != nil {
		return nil, err
	}
	if _, err := emitted(app, "after"); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	saw := []string{}
	for _, chaincode := range []string{app.assets.ChaincodeName(), app.contract.ChaincodeName()} {
		stream, err := app.network.ChaincodeEvents(
			ctx, chaincode, client.WithStartBlock(status.BlockNumber))
		if err != nil {
			return saw, err
		}
		event, err := next(stream)
		if err != nil {
			return saw, err
		}
		saw = append(saw, event.EventName)
	}
	return saw, equal(saw, []string{"stored", "after"})
}

func eventsEnd(app *application) (any, error) {
	ctx, cancel := context.WithCancel(context.Background())
	stream, err := app.network.ChaincodeEvents(ctx, app.contract.ChaincodeName(), client.WithStartBlock(0))
	if err != nil {
		cancel()
		return nil, err
	}
	_, err = next(stream)
	cancel()
	if err != nil {
		return nil, err
	}
	return nil, ended(stream)
}
