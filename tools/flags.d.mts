export declare const FLAGS: Record<string, string>
