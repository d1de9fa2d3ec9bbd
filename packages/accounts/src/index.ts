// A citizen's account: her seed, the keys derived from it, her recovery kit and signed decisions.
export {}
