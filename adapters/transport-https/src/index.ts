// Certificates, mutual TLS servers and clients whose allow-list derives from the participants contract.
export {}
