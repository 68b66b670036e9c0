// Formulas that must not compile, and what the compiler has to say of them. Scripts/mistakes checks it; no target holds this file.

import Tensor

func numbersOfAnotherType(x: Tensor<Float>, y: Tensor<Double>, d: Double, f: Float, n: Int) {
  _ = x * d  // expected-error {{convert the number to the type of the elements: x * Float(y)}}
  _ = d - x  // expected-error {{convert the number to the type of the elements: Float(x) - y}}
  _ = x + n  // expected-error {{convert the number to the type of the elements: x + Float(y)}}
  _ = n / y  // expected-error {{convert the number to the type of the elements: Float(x) / y}}
  _ = y / f  // expected-error {{convert the number to the type of the elements: x / Double(y)}}
  _ = (x * x + x).squareRoot() / d  // expected-error {{convert the number to the type of the elements: x / Float(y)}}
}

func quotientsOfIntegers(i: Tensor<Int32>, j: Tensor<Int32>) {
  _ = i / j  // expected-error {{integers: write x.floorDivided(by: y)}}
  _ = i / 2  // expected-error {{integers: write x.floorDivided(by: y)}}
}

func comparisons(x: Tensor<Float>, y: Tensor<Float>) {
  _ = x > y  // expected-error {{elements are compared by x .> y}}
  _ = x > 0  // expected-error {{elements are compared by x .> y}}
  _ = x <= y  // expected-error {{elements are compared by x .<= y}}
  _ = Tensor.where(x < 0, y, x * 0.1)  // expected-error {{elements are compared by x .< y}}
  _ = x[(x .> 0) && (y .< 1)]  // expected-error {{masks combine by x .& y}}
}

func randomNumbers(g: inout PhiloxGenerator) {
  // expected-error@+1 {{write .integers(shape, in: 0..<10, using: &generator)}}
  _ = Tensor<Int64>.uniform([3], in: 0..<10, using: &g)
  _ = Tensor<Float>.random([3], using: &g)  // expected-error {{has no member 'random'}}
}

func rows(x: Tensor<Float>) {
  for row in x { _ = row }  // expected-error {{to conform to 'Sequence'}}
}
