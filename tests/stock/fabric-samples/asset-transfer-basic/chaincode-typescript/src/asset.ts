import { Object, Property } from 'fabric-contract-api';

@Object()
export class Asset {
  @Property('ID', 'string')
  ID = '';

  @Property('Size', 'number')
  Size = 0;

  @Property('Owner', 'string')
  Owner = '';
}
