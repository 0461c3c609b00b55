"""Words to condition trees and back: deterministic, offline, and accountable for every word."""
