package main

import (
	"context"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/ledger/rwset"
	"github.com/hyperledger/fabric-protos-go-apiv2/ledger/rwset/kvrwset"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

var blockChecks = []check{
	{"blocks from a block on, as a chain of hashes", blocksFromBlock},
	{"blocks from now on", blocksFromNow},
	{"blocks after a checkpoint", blocksAfterCheckpoint},
	{"filtered blocks from a block on", filteredFromBlock},
	{"filtered blocks after a checkpoint", filteredAfterCheckpoint},
	{"blocks with private data from a block on", privateFromBlock},
	{"blocks with private data after a checkpoint", privateAfterCheckpoint},
	{"block events end when they are closed", blocksEnd},
}

func isNumber(saw, wanted uint64) (any, error) {
	return saw, equal(saw, wanted)
}

func blockIs(number uint64) func(*common.Block) (any, error) {
	return func(block *common.Block) (any, error) {
		return isNumber(block.GetHeader().GetNumber(), number)
	}
}

func filteredBlockIs(number uint64) func(*peer.FilteredBlock) (any, error) {
	return func(block *peer.FilteredBlock) (any, error) {
		return isNumber(block.GetNumber(), number)
	}
}

func blockAndPrivateDataIs(number uint64) func(*peer.BlockAndPrivateData) (any, error) {
	return func(block *peer.BlockAndPrivateData) (any, error) {
		return isNumber(block.GetBlock().GetHeader().GetNumber(), number)
	}
}

// hashOf is what the next block has to have as the hash of the one before.
func hashOf(header *common.BlockHeader) ([]byte, error) {
	encoded, err := asn1.Marshal(struct {
		Number                 *big.Int
		PreviousHash, DataHash []byte
	}{new(big.Int).SetUint64(header.GetNumber()), header.GetPreviousHash(), header.GetDataHash()})
	hash := sha256.Sum256(encoded)
	return hash[:], err
}

func blocksFromBlock(app *application) (any, error) {
	first, err := emitted(app, "block")
	if err != nil {
		return nil, err
	}
	if _, err := emitted(app, "next block"); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := app.network.BlockEvents(ctx, client.WithStartBlock(first.BlockNumber))
	if err != nil {
		return nil, err
	}
	block, err := next(stream)
	if err != nil {
		return nil, err
	}
	after, err := next(stream)
	if err != nil {
		return nil, err
	}
	hash, err := hashOf(block.GetHeader())
	if err != nil {
		return nil, err
	}
	codes := block.GetMetadata().GetMetadata()[common.BlockMetadataIndex_TRANSACTIONS_FILTER]
	saw := map[string]any{
		"chained":      slices.Equal(after.GetHeader().GetPreviousHash(), hash),
		"transactions": len(block.GetData().GetData()),
		"codes":        []byte(codes),
	}
	return saw, errors.Join(
		equal(block.GetHeader().GetNumber(), first.BlockNumber),
		equal(saw, map[string]any{"chained": true, "transactions": 1, "codes": []byte{0}}))
}

func blocksFromNow(app *application) (any, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := app.network.BlockEvents(ctx)
	if err != nil {
		return nil, err
	}
	first, err := emitted(app, "now")
	if err != nil {
		return nil, err
	}
	// The stream may have begun after the first block. Then there are more.
	go func() {
		for range 20 {
			if ctx.Err() == nil {
				_, _ = emitted(app, "more")
			}
		}
	}()
	block, err := next(stream)
	if err != nil {
		return nil, err
	}
	if block.GetHeader().GetNumber() < first.BlockNumber {
		return block.GetHeader().GetNumber(), errors.New("a block from before")
	}
	return nil, nil
}

// afterCheckpoint opens a stream after a block that was dealt with, and looks at the one that comes first.
func afterCheckpoint[T any](
	app *application,
	open func(context.Context, ...client.BlockEventsOption) (<-chan T, error),
	isBlock func(uint64) func(T) (any, error),
) (any, error) {
	first, err := emitted(app, "dealt with")
	if err != nil {
		return nil, err
	}
	if _, err := emitted(app, "not yet dealt with"); err != nil {
		return nil, err
	}
	checkpointer := &client.InMemoryCheckpointer{}
	checkpointer.CheckpointBlock(first.BlockNumber)
	opened := func(ctx context.Context, _ ...grpc.CallOption) (<-chan T, error) {
		return open(ctx, client.WithStartBlock(0), client.WithCheckpoint(checkpointer))
	}
	if saw, err := firstOf(opened, isBlock(first.BlockNumber+1)); err != nil {
		return saw, err
	}
	return "the block after", nil
}

func blocksAfterCheckpoint(app *application) (any, error) {
	return afterCheckpoint(app, app.network.BlockEvents, blockIs)
}

func filteredAfterCheckpoint(app *application) (any, error) {
	return afterCheckpoint(app, app.network.FilteredBlockEvents, filteredBlockIs)
}

func privateAfterCheckpoint(app *application) (any, error) {
	return afterCheckpoint(app, app.network.BlockAndPrivateDataEvents, blockAndPrivateDataIs)
}

// filteredFromBlock finds the transaction's id, type, code and event in a filtered block, and no payload.
func filteredFromBlock(app *application) (any, error) {
	first, err := emitted(app, "filtered")
	if err != nil {
		return nil, err
	}
	opened := func(ctx context.Context, _ ...grpc.CallOption) (<-chan *peer.FilteredBlock, error) {
		return app.network.FilteredBlockEvents(ctx, client.WithStartBlock(first.BlockNumber))
	}
	return firstOf(opened, func(block *peer.FilteredBlock) (any, error) {
		if count := len(block.GetFilteredTransactions()); count != 1 {
			return count, errors.New("wanted 1 transaction")
		}
		transaction := block.GetFilteredTransactions()[0]
		if transaction.GetTxid() != first.TransactionID || block.GetNumber() != first.BlockNumber {
			return transaction.GetTxid(), errors.New("another transaction")
		}
		event := transaction.GetTransactionActions().GetChaincodeActions()[0].GetChaincodeEvent()
		saw := []string{
			block.GetChannelId(), transaction.GetType().String(), transaction.GetTxValidationCode().String(),
			event.GetEventName(), string(event.GetPayload()),
		}
		return saw, equal(saw, []string{
			app.network.Name(), "ENDORSER_TRANSACTION", "VALID", "filtered", "",
		})
	})
}

// privateFromBlock finds the private value of a transaction in its block.
func privateFromBlock(app *application) (any, error) {
	_, commit, err := app.contract.SubmitAsync("putPrivate", client.WithArguments("ours", "block"),
		client.WithTransient(map[string][]byte{"value": []byte("in no block")}))
	if err != nil {
		return nil, err
	}
	status, err := commit.Status()
	if err != nil {
		return nil, err
	}
	opened := func(ctx context.Context, _ ...grpc.CallOption) (<-chan *peer.BlockAndPrivateData, error) {
		return app.network.BlockAndPrivateDataEvents(ctx, client.WithStartBlock(status.BlockNumber))
	}
	return firstOf(opened, func(block *peer.BlockAndPrivateData) (any, error) {
		saw, err := privateWritesOf(block.GetPrivateDataMap()[0])
		if err != nil {
			return saw, err
		}
		return saw, equal(saw, []string{app.contract.ChaincodeName() + " ours block: in no block"})
	})
}

func privateWritesOf(private *rwset.TxPvtReadWriteSet) ([]string, error) {
	writes := []string{}
	for _, namespace := range private.GetNsPvtRwset() {
		for _, collection := range namespace.GetCollectionPvtRwset() {
			set := &kvrwset.KVRWSet{}
			if err := proto.Unmarshal(collection.GetRwset(), set); err != nil {
				return writes, err
			}
			for _, write := range set.GetWrites() {
				writes = append(writes, fmt.Sprintf("%s %s %s: %s", namespace.GetNamespace(),
					collection.GetCollectionName(), write.GetKey(), write.GetValue()))
			}
		}
	}
	return writes, nil
}

func blocksEnd(app *application) (any, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	blocks, err := app.network.BlockEvents(ctx, client.WithStartBlock(0))
	if err != nil {
		return nil, err
	}
	filtered, err := app.network.FilteredBlockEvents(ctx, client.WithStartBlock(0))
	if err != nil {
		return nil, err
	}
	private, err := app.network.BlockAndPrivateDataEvents(ctx, client.WithStartBlock(0))
	if err != nil {
		return nil, err
	}
	_, err = next(blocks)
	_, filteredErr := next(filtered)
	_, privateErr := next(private)
	cancel()
	return nil, errors.Join(err, filteredErr, privateErr, ended(blocks), ended(filtered), ended(private))
}
