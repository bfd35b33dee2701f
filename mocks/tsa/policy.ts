/** The one policy of this authority, below the arc of examples (X.660: 2.999), and its content octets. */
export const POLICY = { id: '2.999.3161.1', content: Buffer.from('8837985901', 'hex') } as const;
