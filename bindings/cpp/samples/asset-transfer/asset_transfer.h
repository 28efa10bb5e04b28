#pragma once

#include "ccbus/shim/chaincode.h"

// Assets that have an owner and can change hands. One JSON object for each asset, under its id:
// {"AppraisedValue":300,"Color":"blue","ID":"asset1","Owner":"Tomoko","Size":5}. The keys stand in
// alphabetical order, so that every peer writes the same bytes.
class AssetTransfer final : public ccbus::shim::Chaincode {
 public:
  ccbus::shim::Response invoke(ccbus::shim::Stub& stub) override;
};
