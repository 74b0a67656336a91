/** What stands in for each constant, as source text. */
export declare const FLAGS: { [name: string]: string; __FIVE__: string }
