/// What a model sees of a picture: Keras's color modes by their number of channels.
enum PictureChannels: Int {
  case grey = 1
  case rgb = 3
  case rgba = 4
}
