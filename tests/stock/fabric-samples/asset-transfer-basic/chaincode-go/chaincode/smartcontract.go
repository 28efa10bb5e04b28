// Package chaincode has the contract of asset-transfer-basic.
package chaincode

import (
	"encoding/json"
	"fmt"

	"github.com/hyperledger/fabric-contract-api-go/v2/contractapi"
)

// SmartContract keeps assets by their ids.
type SmartContract struct {
	contractapi.Contract
}

// Asset has its fields in the order of their names, so that every endorser writes the same JSON.
type Asset struct {
	AppraisedValue int    `json:"AppraisedValue"`
	Color          string `json:"Color"`
	ID             string `json:"ID"`
	Owner          string `json:"Owner"`
	Size           int    `json:"Size"`
}

// InitLedger writes the first assets.
func (contract *SmartContract) InitLedger(ctx contractapi.TransactionContextInterface) error {
	for _, asset := range []Asset{
		{ID: "asset1", Color: "blue", Size: 5, Owner: "Tomoko", AppraisedValue: 300},
		{ID: "asset2", Color: "red", Size: 5, Owner: "Brad", AppraisedValue: 400},
	} {
		if err := put(ctx, &asset); err != nil {
			return err
		}
	}
	return nil
}

// CreateAsset fails if there is an asset with this id.
func (contract *SmartContract) CreateAsset(
	ctx contractapi.TransactionContextInterface,
	id string, color string, size int, owner string, appraisedValue int,
) error {
	exists, err := contract.AssetExists(ctx, id)
	if err != nil {
		return err
	}
	if exists {
		return fmt.Errorf("the asset %s already exists", id)
	}
	return put(ctx, &Asset{ID: id, Color: color, Size: size, Owner: owner, AppraisedValue: appraisedValue})
}

// ReadAsset fails if there is no such asset.
func (contract *SmartContract) ReadAsset(
	ctx contractapi.TransactionContextInterface, id string,
) (*Asset, error) {
	stored, err := ctx.GetStub().GetState(id)
	if err != nil {
		return nil, err
	}
	if stored == nil {
		return nil, fmt.Errorf("the asset %s does not exist", id)
	}
	asset := &Asset{}
	return asset, json.Unmarshal(stored, asset)
}

// UpdateAsset replaces an asset.
func (contract *SmartContract) UpdateAsset(
	ctx contractapi.TransactionContextInterface,
	id string, color string, size int, owner string, appraisedValue int,
) error {
	if _, err := contract.ReadAsset(ctx, id); err != nil {
		return err
	}
	return put(ctx, &Asset{ID: id, Color: color, Size: size, Owner: owner, AppraisedValue: appraisedValue})
}

// DeleteAsset deletes an asset.
func (contract *SmartContract) DeleteAsset(ctx contractapi.TransactionContextInterface, id string) error {
	if _, err := contract.ReadAsset(ctx, id); err != nil {
		return err
	}
	return ctx.GetStub().DelState(id)
}

// AssetExists tells whether there is such an asset.
func (contract *SmartContract) AssetExists(
	ctx contractapi.TransactionContextInterface, id string,
) (bool, error) {
	stored, err := ctx.GetStub().GetState(id)
	return stored != nil, err
}

// TransferAsset returns the owner before.
func (contract *SmartContract) TransferAsset(
	ctx contractapi.TransactionContextInterface, id string, newOwner string,
) (string, error) {
	asset, err := contract.ReadAsset(ctx, id)
	if err != nil {
		return "", err
	}
	oldOwner := asset.Owner
	asset.Owner = newOwner
	return oldOwner, put(ctx, asset)
}

// GetAllAssets returns all assets in the order of their ids.
func (contract *SmartContract) GetAllAssets(
	ctx contractapi.TransactionContextInterface,
) ([]*Asset, error) {
	found, err := ctx.GetStub().GetStateByRange("", "")
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var assets []*Asset
	for found.HasNext() {
		next, err := found.Next()
		if err != nil {
			return nil, err
		}
		asset := &Asset{}
		if err := json.Unmarshal(next.GetValue(), asset); err != nil {
			return nil, err
		}
		assets = append(assets, asset)
	}
	return assets, nil
}

func put(ctx contractapi.TransactionContextInterface, asset *Asset) error {
	encoded, err := json.Marshal(asset)
	if err != nil {
		return err
	}
	return ctx.GetStub().PutState(asset.ID, encoded)
}
